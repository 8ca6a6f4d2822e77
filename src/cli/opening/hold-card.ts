import type { PresentationOptions } from '#drivers/simulated/index.ts';
import type { ControlLine } from '#ports/control.ts';

/** Holds an emulated card to the in-process reader; resolves when it is away again. */
export type HoldCard = (card: string, options: PresentationOptions) => Promise<ControlLine>;

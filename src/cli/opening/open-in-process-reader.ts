import {
  fileStore,
  isCardFileProblem,
  openCard,
  openSimulatedReader,
} from '#drivers/simulated/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import type { Log } from '#ports/log.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import type { HoldCard } from './hold-card.ts';

export interface InProcessReader {
  readonly port: CardReader;
  /** Holds an emulated card to it. */
  readonly tap: HoldCard;
}

/** The reader without any device, and the hand that holds emulated cards to it. */
export const openInProcessReader = (places: Places, log: Log): InProcessReader => {
  const port = openSimulatedReader({ monotonicMs: clock.monotonicMs, log });
  return {
    port,
    tap: async (name, presentation) => {
      const card = openCard(name, { store: fileStore(places.cards, name) });
      if (isCardFileProblem(card)) return { error: card.problem };
      return { presentation: await port.present(card, presentation) };
    },
  };
};

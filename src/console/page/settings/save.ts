import type { SettingsChange } from '../../api.ts';
import type { Errors } from '../pieces/form.tsx';

/** Saves a change. @returns what is wrong with it; undefined when it was saved */
export type Save = (
  change: SettingsChange,
  fields: readonly string[],
) => Promise<Errors | undefined>;

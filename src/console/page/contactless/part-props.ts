import type { Errors } from '../pieces/form.tsx';
import type { Draft } from './draft.ts';

/** What every part of the form has. */
export interface PartProps {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
  readonly errors: Errors;
}

// table: how an update goes on; the launcher does the rows "started" and "left" by itself.
import type { Phase } from './types.ts';

export type UpdateEvent =
  | 'begun' // the other slot is about to be emptied
  | 'foundWhole'
  | 'passed' // the self-test
  | 'becameCurrent'
  | 'started' // by the launcher, counted
  | 'proved' // one run lasted as long as the probation
  | 'left'; // refused, broken off, or not healthy in three starts: `reason` says why

/** What follows; an event that isn't in the row can't happen, and changes nothing. */
// biome-ignore format: a row stays on its line
export const transitions: Readonly<Record<Phase, Readonly<Partial<Record<UpdateEvent, Phase>>>>> = {
  idle:       { begun: 'unpacking' },
  // A power cut leaves an update in one of these three: it is begun anew.
  unpacking:  { begun: 'unpacking', foundWhole: 'checked', left: 'rolledBack' },
  checked:    { begun: 'unpacking', passed: 'tried', left: 'rolledBack' },
  tried:      { begun: 'unpacking', becameCurrent: 'switched', left: 'rolledBack' },
  // From here on the other slot holds what is gone back to: nothing may be unpacked into it.
  switched:   { started: 'probation', left: 'rolledBack' },
  probation:  { started: 'probation', proved: 'settled', left: 'rolledBack' },
  settled:    { started: 'settled', begun: 'unpacking', left: 'rolledBack' },
  rolledBack: { started: 'rolledBack', begun: 'unpacking' },
};

export const after = (phase: Phase, event: UpdateEvent): Phase | undefined =>
  transitions[phase][event];

/** Releases in two slots: installed beside the one that runs, and never a terminal without one. */

export type { FirmwareWork } from './firmware-turn.ts';
export { rollBack, settle, tellHealthy, tellUnhealthy } from './health.ts';
export { install, type Site, switchOver } from './install.ts';
export { type Keeper, type KeeperParts, openKeeper } from './keeper.ts';
export { type Known, noteKnown, readKnown } from './known.ts';
export { whileLocked } from './lock.ts';
export { MACHINES, type Machine, type Manifest, parseManifest } from './manifest.ts';
export { type Job, type Outcome, type Progress, problemOf } from './outcome.ts';
export { type PackedFile, packBundle } from './pack.ts';
export { isRefusal, type Refusal } from './refusal.ts';
export { standingOf } from './standing.ts';
export { readState } from './state-file.ts';
export type { State } from './types.ts';
export { update } from './update.ts';

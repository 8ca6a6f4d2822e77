/** Why a release is not installed. The release that runs is untouched by any of them. */
export type RefusalReason =
  | 'truncated' // the bundle ends too early
  | 'unreadable' // its source broke off, or it isn't packed as a bundle is
  | 'manifest' // it says what no release may
  | 'lying' // files aren't what the manifest says
  | 'machine' // made for another processor
  | 'floor' // older than what may still be installed
  | 'same' // the release that is current
  | 'diskFull'
  | 'busy' // the update before is in its probation, or another process installs one
  | 'aborted' // whoever asked for it has called it off
  | 'selfTest' // the release itself says that it wouldn't work here
  | 'state' // the installation's state is damaged, or nothing is ready to be switched to
  | 'disk'; // a file can't be read or written

export interface Refusal {
  readonly refused: RefusalReason;
  /** One sentence for a technician. */
  readonly detail: string;
}

export const refusal = (refused: RefusalReason, detail: string): Refusal => ({ refused, detail });

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value;

/** Its reason is what whoever calls it off gave to `abort`, when that is a text. */
export const calledOff = (signal: AbortSignal): Refusal | undefined => {
  if (!signal.aborted) return undefined;
  const { reason } = signal;
  return refusal('aborted', typeof reason === 'string' ? reason : 'it was called off');
};

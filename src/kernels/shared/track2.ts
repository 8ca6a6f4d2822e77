import { toHex } from '#bytes/hex.ts';

export interface Track2 {
  readonly pan: string;
  /** YYMM */
  readonly expiry: string;
}

/**
 * Track 2 Equivalent Data (57), Book 3 Annex A: PAN, D, expiry, more, F padding; some cards pad
 * with more than one F, or end after the expiry.
 */
export const parseTrack2 = (track2: Uint8Array): Track2 | undefined => {
  const match = /^([0-9]{1,19})D([0-9]{4})[0-9]*F*$/.exec(toHex(track2));
  if (match === null) return undefined;
  const [, pan = '', expiry = ''] = match;
  return { pan, expiry };
};

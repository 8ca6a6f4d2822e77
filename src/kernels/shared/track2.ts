import { toHex } from '#bytes/hex.ts';

export interface Track2 {
  readonly pan: string;
  /** YYMM */
  readonly expiry: string;
  readonly serviceCode: string;
}

/** Track 2 Equivalent Data (57), Book 3 Annex A: PAN, D, expiry, service code, more, F padding. */
export const parseTrack2 = (track2: Uint8Array): Track2 | undefined => {
  const match = /^([0-9]{1,19})D([0-9]{4})([0-9]{3})[0-9]*F?$/.exec(toHex(track2));
  if (match === null) return undefined;
  const [, pan = '', expiry = '', serviceCode = ''] = match;
  return { pan, expiry, serviceCode };
};

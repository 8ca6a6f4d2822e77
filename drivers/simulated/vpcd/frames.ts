import { concat } from '#bytes/bytes.ts';

/** What the virtual reader asks of a card: one frame. */
export type VpcdRequest =
  | { readonly kind: 'powerOff' }
  | { readonly kind: 'powerOn' }
  | { readonly kind: 'reset' }
  /** Also how the reader finds out whether the card is still there. */
  | { readonly kind: 'getAtr' }
  | { readonly kind: 'apdu'; readonly command: Uint8Array }
  /** A frame of one byte that isn't any of these, or of none. */
  | { readonly kind: 'unknown' };

/** Two bytes of length, most significant first, then the payload (at most 65,535 bytes). */
export const encodeFrame = (payload: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(payload.length >> 8, payload.length & 0xff), payload);

/** What a payload asks: one byte is a control code, more is a command APDU. */
export const readRequest = (payload: Uint8Array): VpcdRequest => {
  if (payload.length > 1) return { kind: 'apdu', command: payload };
  const kind = CONTROLS[payload[0] ?? -1];
  return kind === undefined ? { kind: 'unknown' } : { kind };
};

/** Puts frames together from a byte stream, whose pieces may hold parts of frames or several. */
export const frameAssembler = (): ((chunk: Uint8Array) => Uint8Array[]) => {
  let pending: Uint8Array = new Uint8Array();
  return (chunk) => {
    pending = pending.length === 0 ? chunk : concat(pending, chunk);
    const payloads: Uint8Array[] = [];
    while (pending.length >= 2) {
      const end = 2 + (pending[0] ?? 0) * 256 + (pending[1] ?? 0);
      if (pending.length < end) break;
      payloads.push(pending.slice(2, end));
      pending = pending.subarray(end);
    }
    return payloads;
  };
};

const CONTROLS: Readonly<Record<number, 'powerOff' | 'powerOn' | 'reset' | 'getAtr'>> = {
  0: 'powerOff',
  1: 'powerOn',
  2: 'reset',
  4: 'getAtr',
};

/** How a scanner puts codes on the line. */
export interface ScannerProtocol {
  /** Bytes behind each code; empty: silence ends it. */
  readonly suffix: Uint8Array;
  /** Bytes before each code; empty: none. */
  readonly prefix: Uint8Array;
  /** Whether "]Q1" and the like at the beginning is the symbology, and not part of the code. */
  readonly aimIdentifier: boolean;
  /** Characters; what is shorter is taken for noise. */
  readonly shortest: number;
  /** Bytes; what is longer is taken for rubbish. */
  readonly longest: number;
}

export type Frame =
  | {
      readonly frame: 'code';
      readonly text: string;
      readonly symbology?: string;
      /** When its last byte came. */
      readonly atMs: number;
    }
  /** Never says what the bytes were: half a code may still be money. */
  | { readonly frame: 'dropped'; readonly why: DropReason; readonly byteCount: number };

export type DropReason =
  /** Its end never came. */
  | 'cutOff'
  | 'tooLong'
  | 'tooShort'
  /** Its end came, but not the prefix that belongs before it. */
  | 'noPrefix'
  /** No UTF-8, or control characters in it. */
  | 'notText';

/** Takes bytes as they come, and cuts codes out of them. Pure: time comes with the bytes. */
export interface FrameReader {
  push(bytes: Uint8Array, atMs: number): readonly Frame[];
  /** Nothing came for so long that nothing more will. */
  silence(): readonly Frame[];
  /** Whether silence would mean something: part of a code, or of rubbish, was read. */
  waiting(): boolean;
}

/** However the bytes are cut into pieces, the codes are the same. */
export const createFrameReader = (protocol: ScannerProtocol): FrameReader => {
  const state: State = { held: [], skipping: false, lastMs: 0 };
  return {
    push: (bytes, atMs) => {
      state.lastMs = atMs;
      return [...bytes].flatMap((byte) => step(protocol, state, byte) ?? []);
    },
    silence: () => {
      const { held, lastMs, skipping } = state;
      begin(state);
      if (skipping || held.length === 0) return [];
      if (protocol.suffix.length > 0) return [dropped('cutOff', held.length)];
      return [frameOf(protocol, held, lastMs)];
    },
    waiting: () => state.skipping || state.held.length > 0,
  };
};

interface State {
  /** What is read of a code; while skipping, what may be part of a suffix. */
  held: number[];
  /** Too long: all up to the next suffix, or to silence, is rubbish. */
  skipping: boolean;
  lastMs: number;
}

const begin = (state: State, held: number[] = []): void => {
  state.held = held;
  state.skipping = false;
};

const step = (protocol: ScannerProtocol, state: State, byte: number): Frame | undefined => {
  const { suffix, prefix, longest } = protocol;
  const { held, skipping } = state;
  if (!skipping && held.length === 0 && betweenCodes(byte) && byte !== prefix[0]) return undefined;
  held.push(byte);
  if (suffix.length > 0 && endsWith(held, suffix)) {
    begin(state);
    return skipping ? undefined : frameOf(protocol, held.slice(0, -suffix.length), state.lastMs);
  }
  if (skipping) {
    held.splice(0, held.length - suffix.length);
    return undefined;
  }
  if (beginsAnew(held, prefix)) {
    begin(state, [...prefix]);
    return dropped('cutOff', held.length - prefix.length);
  }
  if (held.length <= longest + prefix.length + AIM_LENGTH + suffix.length) return undefined;
  state.held = held.slice(held.length - suffix.length);
  state.skipping = true;
  return dropped('tooLong', held.length);
};

// A line that is plugged in or wakes up gives zeros and ones; a scanner that sends CR LF where CR
// is said leaves the LF. None of these begins a code.
const betweenCodes = (byte: number): boolean =>
  (byte < 0x20 && byte !== GROUP_SEPARATOR) || byte === 0x7f || byte >= 0xfe;

/** FNC1 in a GS1 code, the only control character that codes have. GS1 General Specifications. */
const GROUP_SEPARATOR = 0x1d;
const GS = String.fromCharCode(GROUP_SEPARATOR);

// Only where the prefix can't be part of a code: STX in the middle is the next code's beginning.
const beginsAnew = (held: readonly number[], prefix: Uint8Array): boolean =>
  (prefix[0] ?? 0x20) < 0x20 && held.length > prefix.length && endsWith(held, prefix);

const endsWith = (held: readonly number[], ending: Uint8Array): boolean =>
  held.length >= ending.length &&
  ending.every((byte, index) => held[held.length - ending.length + index] === byte);

const frameOf = (protocol: ScannerProtocol, held: readonly number[], atMs: number): Frame => {
  const { prefix, shortest, longest } = protocol;
  const bytes = Uint8Array.from(held);
  const start = prefix.length === 0 ? 0 : Buffer.from(bytes).indexOf(prefix);
  if (start < 0) return dropped('noPrefix', bytes.length);
  const whole = textOf(bytes.subarray(start + prefix.length));
  if (whole === undefined) return dropped('notText', bytes.length);
  const { text, symbology } = protocol.aimIdentifier ? withoutAim(whole) : { text: whole };
  if (text.length < shortest) return dropped('tooShort', bytes.length);
  if (text.length > longest) return dropped('tooLong', bytes.length);
  return { frame: 'code', text, ...(symbology === undefined ? {} : { symbology }), atMs };
};

const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    // A byte order mark stays, and is no text.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const text = decoder.decode(bytes).replace(/[\r\n]+$/, '');
    return NO_TEXT.test(text.replaceAll(GS, '')) ? undefined : text;
  } catch {
    return undefined;
  }
};

// Control characters but the group separator, and what no font shows.
const NO_TEXT = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\uFEFF]/u;

/**
 * ISO/IEC 15424: "]", a letter for the symbology, a digit or letter for its options: "]Q1" is a QR
 * code, "]C1" GS1-128.
 */
const withoutAim = (whole: string): { readonly text: string; readonly symbology?: string } =>
  /^\][A-Za-z][0-9A-Za-z]/.test(whole)
    ? { text: whole.slice(AIM_LENGTH), symbology: whole.slice(0, AIM_LENGTH) }
    : { text: whole };

const AIM_LENGTH = 3;

const dropped = (why: DropReason, byteCount: number): Frame => ({
  frame: 'dropped',
  why,
  byteCount,
});

import { concat } from '#bytes/bytes.ts';
import { readPart, type ScanLayout, type ScanPart } from './scan-layout.ts';

/** What one report brought; nothing at all when a code goes on, or the report isn't about codes. */
export interface Taken {
  readonly code?: { readonly text: string; readonly symbology: string | undefined };
  /** What somebody should look at, without a character of any code. */
  readonly trouble?: string;
}

/** Puts the reports of one scanner together to codes. */
export interface Assembler {
  /** `report` as hidraw gives it, with its id in front where reports are numbered. */
  take(report: Uint8Array, atMs: number): Taken;
  /** Says so when the code under way has been waiting for its rest for too long. */
  expire(atMs: number): Taken;
}

/** Parts of one code come milliseconds apart; people scan slower. */
export const PARTS_WITHIN_MS = 1000;
/** The longest QR code holds 7089 digits. ISO/IEC 18004 table 7. */
export const MAX_CODE_BYTES = 8192;

/**
 * A code is told when its last part is here, and only if every part was: after a part that was
 * damaged, or a code too long, everything is passed over up to the last part of that code, so that
 * its tail is never taken for a code.
 */
export const openAssembler = (
  layouts: ReadonlyMap<number, ScanLayout>,
  isNumbered: boolean,
): Assembler => {
  let state: State = IDLE;

  const expire = (atMs: number): Taken => {
    if (state === IDLE || atMs - state.lastMs <= PARTS_WITHIN_MS) return {};
    const taken = state.isSpoilt ? {} : { trouble: HALF };
    state = IDLE;
    return taken;
  };

  const take = (report: Uint8Array, atMs: number): Taken => {
    const layout = layouts.get(isNumbered ? (report[0] ?? 0) : 0);
    // Answers to commands, battery states: other reports may come between the parts of a code.
    if (layout === undefined) return report.length === 0 ? { trouble: 'an empty report' } : {};
    const expired = expire(atMs);
    const part = readPart(layout, isNumbered ? report.subarray(1) : report);
    const [next, taken] = typeof part === 'string' ? spoil(part, atMs) : add(state, part, atMs);
    state = next;
    return { ...expired, ...taken };
  };

  return { take, expire };
};

interface UnderWay {
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
  readonly symbology: string | undefined;
  readonly isSpoilt: boolean;
  readonly lastMs: number;
}

const IDLE = 'idle';
type State = UnderWay | typeof IDLE;

const HALF = 'half a code came, and never its rest: scan again';

// Whether the damaged report was a code's last can't be known.
const spoil = (trouble: string, atMs: number): [State, Taken] => [
  { parts: [], bytes: 0, symbology: undefined, isSpoilt: true, lastMs: atMs },
  { trouble },
];

const add = (before: State, part: ScanPart, atMs: number): [State, Taken] => {
  if (before !== IDLE && before.isSpoilt) {
    return [part.isContinued ? { ...before, lastMs: atMs } : IDLE, {}];
  }
  // Another symbology is another code: the rest of the first one is lost.
  if (before !== IDLE && isOther(before.symbology, part.symbology)) {
    const [state, taken] = add(IDLE, part, atMs);
    return [state, { ...taken, trouble: HALF }];
  }
  const under = before === IDLE ? { parts: [], bytes: 0, symbology: undefined } : before;
  const parts = [...under.parts, part.data];
  const bytes = under.bytes + part.data.length;
  const symbology = under.symbology ?? part.symbology;
  if (bytes > MAX_CODE_BYTES) {
    const [state, taken] = spoil(`a code of more than ${MAX_CODE_BYTES} bytes`, atMs);
    return [part.isContinued ? state : IDLE, taken];
  }
  if (part.isContinued) return [{ parts, bytes, symbology, isSpoilt: false, lastMs: atMs }, {}];
  return [IDLE, codeOf(concat(...parts), symbology)];
};

const isOther = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

const codeOf = (bytes: Uint8Array, told: string | undefined): Taken => {
  // A scanner may be set to send the identifier in the text too, and a suffix as to a keyboard.
  const whole = textOf(bytes).replace(/[\r\n\t]+$/, '');
  const before = /^\][A-Za-z][0-9A-Za-z]/.exec(whole)?.[0];
  const isIdentifier = before !== undefined && (told === undefined || told === before);
  const text = isIdentifier ? whole.slice(before.length) : whole;
  if (text === '') return { trouble: 'a code without a character' };
  return { code: { text, symbology: told ?? (isIdentifier ? before : undefined) } };
};

// UTF-8 where it is that, else one byte a character: ISO/IEC 8859-1, the default of QR codes.
const textOf = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
};

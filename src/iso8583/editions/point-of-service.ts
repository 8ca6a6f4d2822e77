import { equal } from '#bytes/bytes.ts';
import { preAuthorised } from './codes.ts';
import {
  type Conversion,
  type Edition,
  type Fields,
  refuse,
  takeBytes,
  takeText,
} from './conversion.ts';
import { isAnswer } from './types.ts';

/**
 * DE 22 (n 3: two digits how the card was read, one whether a PIN could be entered), DE 25 (under
 * which conditions) and DE 26 (digits of a PIN) of 1987 are the point of service data code of the
 * other editions: twelve characters in 1993, four groups of 32 bits in 2003, where the capability
 * is in DE 27. What a terminal of this kind never sends has no row and is refused. What the
 * cardholder verified by is in DE 55 (9F34); DE 52 says that it was a PIN.
 */
export const pointOfService: Conversion = {
  to: (left, made, edition) => {
    const entry = takeText(left, 22);
    const condition = takeText(left, 25);
    const pinLength = takeText(left, 26);
    if (entry === undefined) {
      if (condition !== undefined) return refuse(25, 'goes with DE 22 in this edition');
      return pinLength === undefined ? undefined : refuse(26, 'goes with DE 22 in this edition');
    }
    const mode = MODES.find(({ code }) => code === entry.slice(0, 2));
    const pin = PINS.find(({ code }) => code === entry.slice(2));
    if (mode === undefined || pin === undefined) return refuse(22, 'has no row in this edition');
    const plain = condition === PRE_AUTHORISED ? '00' : condition;
    const place = PLACES.find(({ code }) => code === plain);
    if (place === undefined) return refuse(25, 'has no row in this edition');
    const code = condition === PRE_AUTHORISED ? preAuthorisedFunction(edition.mti) : undefined;
    if (code !== undefined) made.set(24, code);
    const capture = pinLength === undefined ? '1' : CAPTURES.charAt(Number(pinLength) - 4);
    if (capture === '' || (pinLength !== undefined && edition.version === '2')) {
      return refuse(26, 'has no form in this edition');
    }
    write({ mode, pin, place }, capture, left.has(52), made, edition);
    return undefined;
  },
  from: (left, made, edition) => {
    const code = left.get(22);
    if (code === undefined) return undefined;
    const found = typeof code === 'string' ? read1993(left) : read2003(left);
    left.delete(22);
    // An answer need not repeat it in our words: nobody reads it there.
    if (found === undefined) return isAnswer(edition.mti) ? undefined : refuse(22, UNKNOWN);
    made.set(22, `${found.mode.code}${found.pin.code}`);
    const preAuthorisation = left.get(24) === preAuthorisedFunction(edition.mti);
    const condition = preAuthorisation && left.has(24) ? PRE_AUTHORISED : found.place.code;
    if (condition !== undefined) made.set(25, condition);
    if (found.pinLength !== undefined) made.set(26, found.pinLength);
    return undefined;
  },
};

interface Mode {
  readonly code: string;
  readonly of1993: string;
  readonly of2003: number;
}

interface Place extends Omit<Mode, 'code'> {
  readonly code: string | undefined;
}

interface Service {
  readonly mode: Mode;
  readonly pin: Mode;
  readonly place: Place;
}

const UNKNOWN = 'a point of service that has no code in the 1987 edition';
const PRE_AUTHORISED = '06';

/** How the card was read. 1993: position 7, schemes use letters for contactless ones. */
// biome-ignore format: a row stays on its line
const MODES: readonly Mode[] = [
  { code: '00', of1993: '0', of2003: 0x01 },
  { code: '01', of1993: '6', of2003: 0x04 },
  { code: '02', of1993: '2', of2003: 0x10 },
  { code: '03', of1993: '3', of2003: 0x08 },
  { code: '05', of1993: '5', of2003: 0x20 },
  { code: '07', of1993: 'M', of2003: 0x22 },
  { code: '91', of1993: 'A', of2003: 0x12 },
];

/** Whether a PIN could be entered: unknown, yes, no, PIN pad out of order. 1993: position 2. */
// biome-ignore format: a row stays on its line
const PINS: readonly Mode[] = [
  { code: '0', of1993: '6', of2003: 0x01 },
  { code: '1', of1993: '1', of2003: 0x0a },
  { code: '2', of1993: '0', of2003: 0x02 },
  { code: '8', of1993: '5', of2003: 0x03 },
];

/** 1993: positions 4 to 6, which are the place, the cardholder and the card. */
// biome-ignore format: a row stays on its line
const PLACES: readonly Place[] = [
  { code: undefined, of1993: '999', of2003: 0x01 },
  // Attended, unattended, mail or telephone order, electronic order.
  { code: '00', of1993: '101', of2003: 0x02 },
  { code: '02', of1993: '201', of2003: 0x04 },
  { code: '08', of1993: '020', of2003: 0x08 },
  { code: '59', of1993: '050', of2003: 0x10 },
];

/** 1993: position 12, for 4 to 12 digits of a PIN. */
const CAPTURES = '456789ABC';

// 2003, last group: the channel is encrypted.
const SECURITY = 0x20;

// A reversal has a function code of its own.
const preAuthorisedFunction = (mti: string): string | undefined => {
  const kind = mti.charAt(1);
  if (kind === '1') return preAuthorised.authorisation;
  return kind === '2' ? preAuthorised.completion : undefined;
};

const write = (
  { mode, pin, place }: Service,
  capture: string,
  withPin: boolean,
  made: Fields,
  { version }: Edition,
): void => {
  if (version === '1') {
    // Reads contactless chips, keeps no card; prints and displays, writes nothing to the card.
    const verified = withPin ? '13' : '00';
    const code = `M${pin.of1993}0${place.of1993}${mode.of1993}${verified}14${capture}`;
    made.set(22, code);
    return;
  }
  made.set(22, groups(mode.of2003, withPin ? 0x08 : 0x01, place.of2003, SECURITY));
  const capability = new Uint8Array(27);
  capability.set(groups(READS, pin.of2003));
  made.set(27, capability);
};

// Chips, without contact.
const READS = 0x22;

const read1993 = (left: Fields): (Service & { pinLength?: string }) | undefined => {
  const code = takeText(left, 22) ?? '';
  const letter = code.charAt(6);
  // Some schemes say 7 for a contactless chip.
  const mode = MODES.find(({ of1993 }) => of1993 === (letter === '7' ? 'M' : letter));
  const pin = PINS.find(({ of1993 }) => of1993 === code.charAt(1));
  const place = PLACES.find(({ of1993 }) => of1993 === code.slice(3, 6));
  if (mode === undefined || pin === undefined || place === undefined) return undefined;
  const digits = CAPTURES.indexOf(code.charAt(11)) + 4;
  return {
    mode,
    pin,
    place,
    ...(digits < 4 ? {} : { pinLength: String(digits).padStart(2, '0') }),
  };
};

const read2003 = (left: Fields): (Service & { pinLength?: string }) | undefined => {
  const code = takeBytes(left, 22) ?? new Uint8Array();
  const capability = takeBytes(left, 27) ?? new Uint8Array();
  const mode = MODES.find(({ of2003 }) => equal(groups(of2003), code.subarray(0, 4)));
  const pin = PINS.find(({ of2003 }) => equal(groups(of2003), capability.subarray(4, 8)));
  const place = PLACES.find(({ of2003 }) => equal(groups(of2003), code.subarray(8, 12)));
  return mode && pin && place ? { mode, pin, place } : undefined;
};

/** Groups of 32 bits, the least significant byte first. */
const groups = (...bits: readonly number[]): Uint8Array =>
  Uint8Array.from(bits.flatMap((group) => [group & 255, (group >> 8) & 255, 0, 0]));

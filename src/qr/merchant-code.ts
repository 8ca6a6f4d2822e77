import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { type CodeObject, charactersOf, readObjects, writeObjects } from './code-object.ts';
import { crc16 } from './crc16.ts';
import { merchantProblems } from './merchant-rules.ts';
import { FORMATS, idsOf, MERCHANT_LEVEL, merchantRows } from './merchant-table.ts';

/** A merchant-presented code, taken apart. */
export interface MerchantCode {
  /** In the order of the code, but for the CRC; those nobody knows among them. */
  readonly objects: readonly CodeObject[];
}

/** A code for people who want to know what is wrong with it. */
export interface ReadMerchantCode extends MerchantCode {
  /** As it stands in the code; undefined where there is none. */
  readonly crc: string | undefined;
  /** Everything that breaks a rule; what is worst comes first. */
  readonly problems: readonly Malformed[];
}

/**
 * Takes a merchant-presented code apart (EMVCo QRCPS MPM). Refused are: a CRC that is wrong, a
 * mandatory object that is missing, an ID that stands twice, lengths that run past the end or
 * aren't those of the table, 00 that isn't first, 63 that isn't last, characters beyond ASCII
 * outside template 64. What is reserved is let pass and kept: encoded again, the code is the same.
 * Offsets are in characters.
 */
export const decodeMerchantCode = (text: string): MerchantCode | Malformed => {
  const { objects, problems } = readMerchantCode(text);
  return problems[0] ?? { objects };
};

/** As `decodeMerchantCode`, but gives what can be read of a code that breaks rules. */
export const readMerchantCode = (text: string): ReadMerchantCode => {
  const characters = charactersOf(text);
  const read = readObjects(characters, MERCHANT_LEVEL);
  const last = read.objects.at(-1);
  const hasCrc = last !== undefined && last.id === ids.crc && 'value' in last;
  const objects = hasCrc ? read.objects.slice(0, -1) : read.objects;
  const crc = hasCrc ? last.value : undefined;
  // Past what can't be read, nobody knows what is missing.
  const problems =
    read.malformed === undefined
      ? [...crcProblems(text, characters.length, crc), ...merchantProblems(objects)]
      : [read.malformed];
  return { objects, crc, problems };
};

/** The code that these objects make, in their order; the CRC is added. */
export const encodeMerchantCode = (objects: readonly CodeObject[]): string | Malformed => {
  const [problem] = merchantProblems(objects);
  if (problem !== undefined) return problem;
  const text = `${writeObjects(objects)}${CRC_HEAD}`;
  return text + crc16(text);
};

/** Whether a text means to be a merchant-presented code, sound or not. */
export const looksLikeMerchantCode = (text: string): boolean => text.startsWith(BEGINNING);

/** One value by its path, such as `valueAt(code.objects, '62', '05')`. */
export const valueAt = (
  objects: readonly CodeObject[],
  ...[id, ...inner]: readonly string[]
): string | undefined => {
  const found = objects.find((object) => object.id === id);
  if (found === undefined) return undefined;
  if (inner.length === 0) return 'value' in found ? found.value : writeObjects(found.objects);
  return 'objects' in found ? valueAt(found.objects, ...inner) : undefined;
};

export const isMerchantCode = (decoded: MerchantCode | Malformed): decoded is MerchantCode =>
  !isMalformed(decoded);

const ids = idsOf(merchantRows);
const CRC_HEAD = `${ids.crc}${String(merchantRows.crc.max).padStart(2, '0')}`;
const BEGINNING = `${ids.payloadFormatIndicator}02`;

// It goes over everything before its own digits, its ID and length among them (§4.7.3).
const crcProblems = (text: string, length: number, crc: string | undefined): Malformed[] => {
  if (crc === undefined) return [malformed([ids.crc], length, 'CRC is missing at the end')];
  const at = length - charactersOf(crc).length;
  if (!FORMATS.crc.pattern.test(crc)) {
    return [malformed([ids.crc], at, `is not ${FORMATS.crc.says}`)];
  }
  return crc16(text.slice(0, -crc.length)) === crc
    ? []
    : [malformed([ids.crc], at, 'wrong: the code was misread or altered')];
};

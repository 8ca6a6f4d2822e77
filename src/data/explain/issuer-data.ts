import { toHex } from '#bytes/hex.ts';
import { structures } from '../bits.ts';
import type { Book } from '../dictionary.ts';
import { mchipCvns, visaCvns } from '../values.ts';
import { explainLayout } from './bits.ts';
import { type Detail, detail, type Finding } from './explanation.ts';

/**
 * Issuer Application Data (9F10). Its layout is the scheme's own: told by the kernel if one is
 * named, and by its shape: length byte, CVR's length byte, cryptogram version.
 */
export const explainIssuerApplicationData = (value: Uint8Array, book?: Book): Finding => {
  const format = FORMATS.find(({ books, fits }) => (!book || books.includes(book)) && fits(value));
  return format === undefined
    ? { remarks: ['a layout that is not known here'] }
    : { meaning: format.name(value), details: format.read(value) };
};

/** Issuer Authentication Data (91): what it is depends on the cryptogram version. */
export const explainIssuerAuthenticationData = (value: Uint8Array): Finding => {
  if (value.length === 10) {
    const code = String.fromCharCode(...value.subarray(8));
    const text = /^[ -~]{2}$/.test(code) ? ` "${code}"` : '';
    return {
      meaning: 'method 1',
      details: [
        bytesAt(value, 1, 8, 'ARPC'),
        detail('B9-10', `Authorisation response code: ${toHex(value.subarray(8))}${text}`),
      ],
    };
  }
  return {
    meaning: 'method 2',
    details: [
      bytesAt(value, 1, 4, 'ARPC'),
      bytesAt(value, 5, 4, 'Card status update'),
      ...explainLayout(structures.cardStatusUpdate, value.subarray(4, 8), 'EMV', 5),
      ...(value.length > 8
        ? [bytesAt(value, 9, value.length - 8, 'Proprietary authentication data')]
        : []),
    ],
  };
};

interface IadFormat {
  /** Kernels whose cards use it. */
  readonly books: readonly Book[];
  readonly fits: (value: Uint8Array) => boolean;
  readonly name: (value: Uint8Array) => string;
  readonly read: (value: Uint8Array) => readonly Detail[];
}

const CCD_CRYPTOGRAMS: Readonly<Record<number, string>> = { 165: 'triple DES', 166: 'AES' };

const CCD: IadFormat = {
  books: ['EMV', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8'],
  fits: (value) =>
    value.length === 32 && value[0] === 0x0f && value[16] === 0x0f && (value[1] ?? 0) >> 4 === 0xa,
  name: (value) =>
    `Common Core Definitions, ${CCD_CRYPTOGRAMS[value[1] ?? 0] ?? 'unknown cryptogram'}`,
  read: (value) => [
    bytesAt(value, 2, 1, 'Common core identifier'),
    bytesAt(value, 3, 1, 'Derivation key index'),
    bytesAt(value, 4, 5, 'Card verification results'),
    bytesAt(value, 9, 8, 'Counters'),
    bytesAt(value, 18, 15, 'Issuer discretionary data'),
  ],
};

const VISA_LONG: IadFormat = {
  books: ['K3'],
  fits: (value) => value.length === 32 && value[0] === 0x1f,
  name: (value) => `Visa format ${(value[1] ?? 0) >> 4}, ${cvnText(visaCvns, value[1])}`,
  read: (value) => [
    bytesAt(value, 2, 1, 'Cryptogram version'),
    bytesAt(value, 3, 1, 'Derivation key index'),
    bytesAt(value, 4, 5, 'Card verification results'),
    ...explainLayout(structures.visaLongCvr, value.subarray(3, 8), 'K3', 4),
    bytesAt(value, 9, 24, 'Issuer discretionary data'),
  ],
};

// American Express and UnionPay keep the same frame; the bits are Visa's.
const VISA_SHORT: IadFormat = {
  books: ['K3', 'K4', 'K7'],
  fits: (value) => value.length >= 7 && value[3] === 0x03 && (value[0] === 6 || value[0] === 7),
  name: (value) => `Visa format ${(value[2] ?? 0) >> 4}, ${cvnText(visaCvns, value[2])}`,
  read: (value) => [
    bytesAt(value, 2, 1, 'Derivation key index'),
    bytesAt(value, 3, 1, 'Cryptogram version'),
    bytesAt(value, 4, 4, 'Card verification results'),
    ...explainLayout(structures.visaCvr, value.subarray(4, 7), 'K3', 5),
    ...(value.length > 7 ? [bytesAt(value, 8, value.length - 7, 'Issuer discretionary data')] : []),
  ],
};

const MCHIP: IadFormat = {
  books: ['K2'],
  fits: (value) => value.length >= 10 && value.length <= 28 && (value[1] ?? 0) >> 4 === 1,
  name: (value) => `M/Chip, ${cvnText(mchipCvns, value[1])}`,
  read: (value) => [
    bytesAt(value, 1, 1, 'Derivation key index'),
    bytesAt(value, 2, 1, 'Cryptogram version'),
    bytesAt(value, 3, 6, 'Card verification results'),
    ...explainLayout(structures.mchipCvr, value.subarray(2, 8), 'K2', 3),
    bytesAt(value, 9, 2, 'Data authentication code or ICC dynamic number'),
    ...(value.length > 10
      ? [bytesAt(value, 11, Math.min(8, value.length - 10), 'Accumulators and counters')]
      : []),
    ...(value.length > 18 ? [bytesAt(value, 19, value.length - 18, 'More counters')] : []),
  ],
};

const FORMATS: readonly IadFormat[] = [CCD, VISA_LONG, VISA_SHORT, MCHIP];

const cvnText = (cvns: Readonly<Record<number, string>>, cvn = 0): string =>
  cvns[cvn] ?? `cryptogram version ${toHex(Uint8Array.of(cvn))}`;

const bytesAt = (value: Uint8Array, byte: number, length: number, name: string): Detail =>
  detail(
    length === 1 ? `B${byte}` : `B${byte}-${byte + length - 1}`,
    `${name}: ${toHex(value.subarray(byte - 1, byte - 1 + length))}`,
  );

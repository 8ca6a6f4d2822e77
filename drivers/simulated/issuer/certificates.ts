import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { sha1 } from '#crypto/sha1.ts';
import type { RsaKey } from './rsa-key.ts';

/** Changes a block on its way: its bytes before the hash is made, or all of it before signing. */
export interface Meddling {
  readonly beforeHash?: (block: Uint8Array) => void;
  readonly beforeSigning?: (block: Uint8Array) => void;
}

export interface Certificate {
  /** 90 or 9F46 */
  readonly certificate: Uint8Array;
  /** 92 or 9F48; empty when the key fits into the certificate. */
  readonly remainder: Uint8Array;
  /** 9F32 or 9F47 */
  readonly exponent: Uint8Array;
}

interface CertificateFacts extends Meddling {
  /** MMYY */
  readonly expires: string;
  /** Three bytes. */
  readonly serial?: string;
}

/** Issuer Public Key Certificate, Book 2 Table 6. @param facts.identifier 3 to 8 digits */
export const certifyIssuer = (
  ca: RsaKey,
  issuer: RsaKey,
  facts: CertificateFacts & { readonly identifier: string },
): Certificate => certify(ca, issuer, 0x02, hex(facts.identifier.padEnd(8, 'F')), facts, []);

/** ICC Public Key Certificate, Book 2 Table 14. */
export const certifyIcc = (
  issuer: RsaKey,
  icc: RsaKey,
  facts: CertificateFacts & { readonly pan: string; readonly staticData: Uint8Array },
): Certificate =>
  certify(issuer, icc, 0x04, hex(facts.pan.padEnd(20, 'F')), facts, [facts.staticData]);

/**
 * Signed Dynamic Application Data 9F4B, Book 2 Tables 17 and 22.
 * @param format 0x05, or 0x95 for Visa's with an online cryptogram
 */
export const signDynamicData = (
  icc: RsaKey,
  format: number,
  iccDynamicData: Uint8Array,
  terminalDynamicData: Uint8Array,
  meddling: Meddling = {},
): Uint8Array =>
  signBlock(
    icc,
    concat(Uint8Array.of(format, 0x01, iccDynamicData.length), iccDynamicData),
    [terminalDynamicData],
    meddling,
  );

/** ICC dynamic data of CDA: dynamic number, CID, cryptogram, transaction data hash, and more. */
export const cdaDynamicData = (
  iccDynamicNumber: Uint8Array,
  cryptogramInformationData: number,
  applicationCryptogram: Uint8Array,
  transactionData: Uint8Array,
  ...more: readonly Uint8Array[]
): Uint8Array =>
  concat(
    Uint8Array.of(iccDynamicNumber.length),
    iccDynamicNumber,
    Uint8Array.of(cryptogramInformationData),
    applicationCryptogram,
    sha1(transactionData),
    ...more,
  );

const certify = (
  signer: RsaKey,
  subject: RsaKey,
  format: number,
  owner: Uint8Array,
  { expires, serial = '000001', ...meddling }: CertificateFacts,
  hashedToo: readonly Uint8Array[],
): Certificate => {
  const { modulus, exponentBytes } = subject;
  const head = concat(
    Uint8Array.of(format),
    owner,
    hex(expires + serial),
    Uint8Array.of(0x01, 0x01, modulus.length, exponentBytes.length),
  );
  // Header, hash and trailer take 22 bytes.
  const room = signer.modulus.length - 22 - head.length;
  const remainder = modulus.slice(room);
  const block = concat(head, modulus.subarray(0, room));
  const more = [remainder, exponentBytes, ...hashedToo];
  const certificate = signBlock(signer, block, more, meddling);
  return { certificate, remainder, exponent: exponentBytes };
};

// 6A, the content padded with BB, its hash together with what follows it, BC.
const signBlock = (
  signer: RsaKey,
  content: Uint8Array,
  more: readonly Uint8Array[],
  { beforeHash, beforeSigning }: Meddling,
): Uint8Array => {
  const { length } = signer.modulus;
  if (content.length > length - 22) throw new RangeError('more than the key can sign');
  const block = new Uint8Array(length).fill(0xbb);
  block[0] = 0x6a;
  block.set(content, 1);
  block[length - 1] = 0xbc;
  beforeHash?.(block);
  block.set(sha1(block.subarray(1, length - 21), ...more), length - 21);
  beforeSigning?.(block);
  return signer.sign(block);
};

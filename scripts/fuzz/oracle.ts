import { splitResponse } from '#apdu/response.ts';
import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseAfl } from '#kernels/shared/application-file-locator.ts';
import { primitives, soleTemplate } from '#kernels/shared/card-data.ts';
import type { Answer } from './mutate.ts';

/** One exchange of a tap, as it happened. */
export interface Exchange {
  readonly command: Uint8Array;
  readonly answer: Answer;
}

/**
 * What an offline approval rests on, as text: the bodies of the signed records, certificates and
 * keys, the signature with what it covers, and for CDA and kernel 8 the whole answer to GENERATE
 * AC. An approval whose foundation differs from the honest tap's is a forgery that was believed. In
 * no order: two records that changed places say the same, unless they are signed, and then no
 * signature fits.
 */
export const foundation = (exchanges: readonly Exchange[]): string => {
  const parts: string[] = [];
  // Records are read in the order of the AFL: what is still to come, and whether it is signed.
  let toCome: readonly boolean[] = [];
  for (const { command, answer } of exchanges) {
    if (typeof answer === 'string') continue;
    const { data } = splitResponse(answer);
    if (command[1] === 0xa8) {
      toCome = signedFlags(data);
      parts.push(proofs(data));
    } else if (command[1] === 0xb2) {
      const [signed = false, ...rest] = toCome;
      toCome = rest;
      parts.push(signed ? recordBody(data) : proofs(data));
    } else if (command[1] === 0xae) {
      parts.push(bodyOf('generate ac', data, tag.responseMessageTemplateFormat2));
    }
  }
  return parts.filter(Boolean).sort().join('\n');
};

const bodyOf = (name: string, data: Uint8Array, wanted: number): string => {
  const template = soleTemplate(data, wanted);
  return isMalformed(template) ? '' : `${name} ${toHex(template.value)}`;
};

// Kernel 8 encrypts records: what is signed of them is what their cipher says.
const recordBody = (data: Uint8Array): string =>
  bodyOf('record', data, tag.readRecordResponseTemplate) ||
  bodyOf('record', data, ENCRYPTED_RECORD);

const ENCRYPTED_RECORD = 0xda;

const proofs = (data: Uint8Array): string => {
  const objects = primitives(data);
  if (isMalformed(objects)) return '';
  return objects
    .filter((object) => PROOFS.has(object.tag))
    .map((object) => `${object.tag} ${toHex(object.value)}`)
    .join('\n');
};

const PROOFS = new Set([
  tag.certificationAuthorityPublicKeyIndexCard,
  tag.issuerPublicKeyCertificate,
  tag.issuerPublicKeyRemainder,
  tag.issuerPublicKeyExponent,
  tag.iccPublicKeyCertificate,
  tag.iccPublicKeyExponent,
  tag.iccPublicKeyRemainder,
  tag.signedDynamicApplicationData,
  tag.cardAuthenticationRelatedDataK3,
  tag.cardKeyData,
]);

const signedFlags = (data: Uint8Array): readonly boolean[] => {
  const objects = primitives(data);
  if (isMalformed(objects)) return [];
  const afl = objects.find((object) => object.tag === tag.applicationFileLocator);
  const records = parseAfl(afl?.value ?? new Uint8Array(0));
  return isMalformed(records) ? [] : records.map(({ signed }) => signed);
};

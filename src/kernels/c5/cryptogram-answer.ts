import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTlvs, type Tlv } from '#tlv/tlv.ts';
import { primitives, soleTemplate } from '../shared/card-data.ts';
import { badlyFormatted, sentTwice } from '../shared/card-formats.ts';
import { keep, noObjects } from '../shared/card-objects.ts';
import { AAC, ARQC } from '../shared/cryptogram-type.ts';
import { cryptogramFields } from '../shared/format-one.ts';
import { type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { cardElements } from './card-elements.ts';
import { sideBySide } from './format-1.ts';
import { EMPTY, type Kernel5Run } from './run.ts';

/** What GENERATE AC answered. */
export interface CryptogramAnswer {
  /** Bits 8-7 of 9F27. */
  readonly type: number;
  readonly signed: boolean;
  /** The objects of template 77 as received: a signature covers them. */
  readonly objects: readonly Tlv[];
}

/** EMV mode: objects in template 77, which take the place of what records may have held of them. */
export const readAnswer = (run: Kernel5Run, data: Uint8Array): CryptogramAnswer | Reason =>
  readObjects(run, data, mandatory);

/** The same for the second GENERATE AC, which is never signed. */
export const readSecondAnswer = (run: Kernel5Run, data: Uint8Array): CryptogramAnswer | Reason =>
  readObjects(run, data, () => UNSIGNED);

const readObjects = (
  run: Kernel5Run,
  data: Uint8Array,
  needed: typeof mandatory,
): CryptogramAnswer | Reason => {
  const template = soleTemplate(data, tag.responseMessageTemplateFormat2);
  if (isMalformed(template)) return reasonOf('GENERATE AC', template);
  const objects = parseTlvs(template.value, template.valueOffset, ['77']);
  const found = primitives(template.value, template.valueOffset, ['77']);
  if (isMalformed(objects)) return reasonOf('GENERATE AC', objects);
  return take(run, found, objects, needed);
};

/** Legacy mode: CID, counter, cryptogram and issuer's data side by side. */
export const readLegacyAnswer = (run: Kernel5Run, data: Uint8Array): CryptogramAnswer | Reason => {
  const found = sideBySide(data, cryptogramFields);
  if (found === undefined) {
    return reason('GENERATE AC: in legacy mode another format than 1 (80)');
  }
  return take(run, found, [], () => UNSIGNED);
};

const take = (
  run: Kernel5Run,
  found: readonly Tlv[] | Malformed,
  objects: readonly Tlv[],
  needed: (type: number, signed: boolean) => readonly number[],
): CryptogramAnswer | Reason => {
  if (isMalformed(found)) return reasonOf('GENERATE AC', found);
  const answer = noObjects();
  keep(answer, cardElements, found);
  const problem = sentTwice(answer) ?? badlyFormatted(answer, cardElements, NUMERIC);
  if (problem !== undefined) return problem;
  const { card } = answer;
  const type = (card.get(tag.cryptogramInformationData) ?? EMPTY)[0];
  if (type === undefined) return reason('it is missing', tag.cryptogramInformationData);
  const signed = card.has(tag.signedDynamicApplicationData);
  const absent = needed(type >> 6, signed).find((wanted) => !card.has(wanted));
  if (absent !== undefined) return reason('GENERATE AC: it is missing', absent);
  for (const one of OF_THE_ANSWER) run.card.delete(one);
  for (const [one, value] of card) run.card.set(one, value);
  return { type: type >> 6, signed, objects };
};

const NUMERIC = [tag.offlineBalanceK5];

// What a record says of these is no answer to this question.
const OF_THE_ANSWER = [
  tag.cryptogramInformationData,
  tag.applicationTransactionCounter,
  tag.applicationCryptogram,
  tag.signedDynamicApplicationData,
  tag.issuerApplicationData,
  tag.cardholderVerificationStatus,
  tag.offlineBalanceK5,
  tag.issuerUpdateParameter,
];

const mandatory = (type: number, signed: boolean): readonly number[] => {
  if (type === AAC) return UNSIGNED;
  if (signed) return SIGNED;
  return type === ARQC ? [...UNSIGNED, ...APPROVABLE] : APPROVABLE;
};

const UNSIGNED = [tag.applicationTransactionCounter, tag.applicationCryptogram];
const APPROVABLE = [tag.cardholderVerificationStatus, tag.issuerApplicationData];
const SIGNED = [tag.applicationTransactionCounter, ...APPROVABLE];

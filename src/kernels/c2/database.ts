import { type Malformed, malformed } from '#bytes/malformed.ts';
import { elementsOf, tag } from '#data/dictionary.ts';
import { isConstructed, parseTlvs, tagText } from '#tlv/tlv.ts';
import type { Kernel2Run } from './run.ts';

/**
 * ParseAndStoreCardResponse, C-2 4.7: every primitive the kernel knows, that a card may send, of a
 * legal length and not there already is stored; unknown ones are passed over; anything else is a
 * parsing error. Whatever came before the fault stays stored, as in the book.
 */
export const parseAndStore = (
  run: Kernel2Run,
  bytes: Uint8Array,
  base = 0,
  within: readonly string[] = [],
): Malformed | undefined => {
  const objects = parseTlvs(bytes, base, within);
  if ('malformed' in objects) return objects;
  for (const object of objects) {
    const path = [...within, tagText(object.tag)];
    const problem = isConstructed(object.tag)
      ? TEMPLATES.has(object.tag)
        ? parseAndStore(run, object.value, object.valueOffset, path)
        : undefined
      : storePrimitive(run, object.tag, object.value, path, object.offset);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** Stores one element from the card under the same rules. */
export const storePrimitive = (
  run: Kernel2Run,
  found: number,
  value: Uint8Array,
  path: readonly string[],
  offset: number,
): Malformed | undefined => {
  const row = ROWS.get(found);
  if (row === undefined) return undefined;
  if (row.source !== 'card') return malformed(path, offset, 'a card may not send it');
  const [min, max] = LENGTHS.get(found) ?? [row.min, row.max ?? 255];
  if (value.length < min || value.length > max) {
    return malformed(path, offset, `length ${value.length} is not ${min} to ${max}`);
  }
  if ((run.data.get(found)?.length ?? 0) > 0) return malformed(path, offset, 'sent twice');
  run.data.set(found, value);
  return undefined;
};

const TEMPLATES = new Set([
  tag.fciTemplate,
  tag.fciProprietaryTemplate,
  tag.fciIssuerDiscretionaryData,
  tag.readRecordResponseTemplate,
  tag.responseMessageTemplateFormat2,
]);

// C-2 4.6 where it is narrower than the base books.
const LENGTHS = new Map<number, readonly [number, number]>([
  [tag.pdol, [0, 240]],
  [tag.cdol1, [0, 250]],
  [tag.cvmList, [10, 250]],
  [tag.applicationFileLocator, [4, 248]],
]);

// Without data exchange and storage their elements are unknown: real cards carry DF60 to DF62 in
// BF0C, and must not fail for it.
const DATA_STORAGE = new Set([
  tag.drdol,
  tag.dsOdsCard,
  tag.dsdol,
  tag.dsRequestedOperatorId,
  tag.dsId,
  tag.dsSlotAvailability,
  tag.dsSlotManagementControl,
  tag.protectedDataEnvelope1,
  tag.protectedDataEnvelope2,
  tag.protectedDataEnvelope3,
  tag.protectedDataEnvelope4,
  tag.protectedDataEnvelope5,
  tag.unprotectedDataEnvelope1,
  tag.unprotectedDataEnvelope2,
  tag.unprotectedDataEnvelope3,
  tag.unprotectedDataEnvelope4,
  tag.unprotectedDataEnvelope5,
  tag.dsSummary1,
  tag.dsUnpredictableNumber,
  tag.dsInputCard,
  tag.dsDigestH,
  tag.dsOdsInfo,
  tag.dsOdsTerm,
]);

const ROWS = new Map([...elementsOf('K2')].filter(([found]) => !DATA_STORAGE.has(found)));

import { concat } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { cdaDynamicData, type Meddling, signDynamicData } from '../issuer/index.ts';
import { type CardTransaction, listed } from './cryptogram.ts';
import type { CardApplication } from './personalise.ts';

/**
 * Fast DDA, C-3 5.6 and C-7: 9F4B over the terminal's random number, amount and currency and the
 * card's own 9F69, which it makes too. Adds both to `elements`; without a key it adds nothing.
 * @param format 0x95 with an ARQC
 */
export const addFastDda = (
  app: CardApplication,
  { terminal, random }: CardTransaction,
  elements: Map<number, Uint8Array>,
  format: 0x05 | 0x95,
  relatedTail: Uint8Array,
): void => {
  const { signing } = app;
  if (signing === undefined) return;
  const ctq = elements.get(tag.cardTransactionQualifiers) ?? NOTHING;
  const related = concat(FDDA_VERSION, random(4), ctq, relatedTail);
  const atc = elements.get(tag.applicationTransactionCounter) ?? NOTHING;
  const signature = signDynamicData(
    signing.key,
    format,
    // The ICC dynamic number of these cards is the transaction counter.
    concat(Uint8Array.of(atc.length), atc),
    concat(
      terminal.get(tag.unpredictableNumber) ?? NOTHING,
      terminal.get(tag.amountAuthorisedNumeric) ?? NOTHING,
      terminal.get(tag.transactionCurrencyCode) ?? NOTHING,
      related,
    ),
    meddling(signing.wrongHash),
  );
  elements.set(tag.cardAuthenticationRelatedDataK3, related);
  elements.set(tag.signedDynamicApplicationData, signature);
};

/**
 * Combined DDA: 9F4B takes the cryptogram's place, and covers it with all that was said before.
 * Book 2 §6.6.1, C-2 3.10, C-6. Changes `elements`; without a key it changes nothing.
 * @param list tags that the answer will hold, in order
 */
export const addCda = (
  app: CardApplication,
  transaction: CardTransaction,
  list: readonly number[],
  cdol1Values: Uint8Array,
  elements: Map<number, Uint8Array>,
): void => {
  const { signing } = app;
  const cryptogram = elements.get(tag.applicationCryptogram);
  if (signing === undefined || cryptogram === undefined) return;
  elements.delete(tag.applicationCryptogram);
  const answered = listed(app, list, elements);
  const relay = transaction.relayResistance;
  elements.set(
    tag.signedDynamicApplicationData,
    signDynamicData(
      signing.key,
      OFFLINE_FORMAT,
      cdaDynamicData(
        transaction.random(8),
        elements.get(tag.cryptogramInformationData)?.[0] ?? 0,
        cryptogram,
        concat(transaction.pdolValues, cdol1Values, ...answered),
        ...(relay === undefined ? [] : [relay]),
      ),
      transaction.terminal.get(tag.unpredictableNumber) ?? NOTHING,
      meddling(signing.wrongHash),
    ),
  );
};

const NOTHING = new Uint8Array();
// Byte 1 of 9F69. C-3 5.6
const FDDA_VERSION = Uint8Array.of(0x01);
const OFFLINE_FORMAT = 0x05;

// A card that was copied: its signature is over other data than the terminal's.
const meddling = (wrongHash: boolean): Meddling =>
  wrongHash
    ? {
        beforeSigning: (block) => {
          const at = block.length - 2;
          block[at] = (block[at] ?? 0) ^ 0x01;
        },
      }
    : {};

import { generateAc, getProcessingOptions, readRecord, select } from '#apdu/command.ts';
import { splitResponse } from '#apdu/response.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import type { CardOptions } from '#drivers/simulated/index.ts';
import {
  type EmulatedCard,
  isCardFileProblem,
  memoryStore,
  openCard,
} from '#drivers/simulated/index.ts';
import { fillDol, parseDol } from '#tlv/dol.ts';
import { isConstructed, parseTlvs } from '#tlv/tlv.ts';

/** A terminal written by hand for these tests: it knows the books, not our kernels. */
export const PPSE_NAME = new TextEncoder().encode('2PAY.SYS.DDF01');

/** $12.50 in the United States, online, with the holder verified. */
export const PAYMENT: ReadonlyMap<number, Uint8Array> = new Map([
  [tag.terminalTransactionQualifiers, hex('36C04000')],
  [tag.amountAuthorisedNumeric, hex('000000001250')],
  [tag.amountOtherNumeric, hex('000000000000')],
  [tag.terminalCountryCode, hex('0840')],
  [tag.terminalVerificationResults, hex('0000000000')],
  [tag.transactionCurrencyCode, hex('0840')],
  [tag.transactionDate, hex('261121')],
  [tag.transactionType, hex('00')],
  [tag.unpredictableNumber, hex('1A2B3C4D')],
  [tag.terminalType, hex('22')],
  [tag.cvmResults, hex('010002')],
]);

export const paymentWith = (
  ...changes: readonly (readonly [number, string])[]
): ReadonlyMap<number, Uint8Array> =>
  new Map([...PAYMENT, ...changes.map(([key, value]): [number, Uint8Array] => [key, hex(value)])]);

/** A card of the catalogue, powered up. */
export const powered = (name: string, options: Partial<CardOptions> = {}): EmulatedCard => {
  const card = openCard(name, { store: memoryStore(), ...options });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  card.powerOn();
  return card;
};

export interface Answer {
  readonly sw: string;
  /** Every primitive element of the answer; the first of each tag. */
  readonly elements: ReadonlyMap<number, Uint8Array>;
  /** Outermost tag; undefined for an answer without data. */
  readonly template: number | undefined;
}

export const send = (card: EmulatedCard, command: Uint8Array): Answer => {
  const { data, sw } = splitResponse(answered(card, command));
  const elements = new Map<number, Uint8Array>();
  return { sw: sw.toString(16).toUpperCase(), elements, template: collect(data, elements) };
};

/** The card's answer; a card that gives none fails the test. */
export const answered = (card: EmulatedCard, command: Uint8Array): Uint8Array => {
  const answer = card.respond(command);
  if (typeof answer === 'string') throw new Error(`no answer: ${answer}`);
  return answer;
};

export const selectDirectory = (card: EmulatedCard): Answer => send(card, select(PPSE_NAME));
export const selectApplication = (card: EmulatedCard, aid: string): Answer =>
  send(card, select(hex(aid)));

/** GET PROCESSING OPTIONS with what the FCI's PDOL asks for. */
export const options = (
  card: EmulatedCard,
  fci: Answer,
  payment: ReadonlyMap<number, Uint8Array> = PAYMENT,
): Answer => send(card, getProcessingOptions(dolValues(fci.elements.get(tag.pdol), payment)));

/** Reads what the application file locator lists; all elements together. */
export const readRecords = (
  card: EmulatedCard,
  locator: Uint8Array | undefined,
): ReadonlyMap<number, Uint8Array> => {
  const read = new Map<number, Uint8Array>();
  for (let at = 0; at < (locator?.length ?? 0); at += 4) {
    const [sfi = 0, first = 0, last = 0] = locator?.subarray(at, at + 3) ?? [];
    for (let record = first; record <= last; record++) {
      const answer = send(card, readRecord(record, sfi >> 3));
      if (answer.sw !== '9000') throw new Error(`record ${sfi >> 3}.${record}: ${answer.sw}`);
      for (const [key, value] of answer.elements) read.set(key, value);
    }
  }
  return read;
};

export const requestCryptogram = (
  card: EmulatedCard,
  records: ReadonlyMap<number, Uint8Array>,
  type: 0x00 | 0x40 | 0x80,
  payment: ReadonlyMap<number, Uint8Array> = PAYMENT,
): Answer => send(card, generateAc(type, dolValues(records.get(tag.cdol1), payment)));

/** Account number and sequence number as the terminal reads them out of track 2 and 5F34. */
export const accountOf = (
  elements: ReadonlyMap<number, Uint8Array>,
): { readonly pan: string; readonly psn: string | undefined } => {
  const psn = elements.get(tag.applicationPanSequenceNumber);
  const pan = toHex(elements.get(tag.track2EquivalentData) ?? hex('')).split('D')[0] ?? '';
  return { pan, psn: psn && toHex(psn) };
};

const dolValues = (dol: Uint8Array | undefined, payment: ReadonlyMap<number, Uint8Array>) => {
  const entries = parseDol(dol ?? hex(''));
  if (isMalformed(entries)) throw new Error(entries.problem);
  return fillDol(entries, (wanted) => {
    const value = payment.get(wanted);
    return value && { value, format: 'other' };
  });
};

const collect = (bytes: Uint8Array, into: Map<number, Uint8Array>): number | undefined => {
  const objects = parseTlvs(bytes);
  if (isMalformed(objects)) throw new Error(objects.problem);
  for (const object of objects) {
    if (isConstructed(object.tag)) collect(object.value, into);
    else if (!into.has(object.tag)) into.set(object.tag, object.value);
  }
  return objects[0]?.tag;
};

import { concat, equal } from '#bytes/bytes.ts';
import { fromHex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { lookUp, meanings, type Sensitivity } from '#data/dictionary.ts';
import type { DataElement, Outcome } from '#kernels/shared/outcome.ts';
import { isConstructed, parseTlvs, type Tlv } from '#tlv/tlv.ts';
import type { Exchange, Expectation, Transcript } from './transcript.ts';

/**
 * The same transcript with sensitive data elements masked at their length, wherever they stand: a
 * run goes the same way up to where it needs the secret.
 */
export const redacted = (transcript: Transcript): Transcript => {
  const secrets: Replacement[] = [];
  const exchanges = transcript.exchanges.map((one) => redactedAnswer(one, secrets));
  return {
    ...transcript,
    // The terminal may have sent back what the card had told it.
    exchanges: exchanges.map((one) => ({ ...one, command: replaced(one.command, secrets) })),
    expectations: transcript.expectations.map(redactedExpectation),
  };
};

/** An outcome whose data elements are masked at their length. */
export const redactedOutcome = (outcome: Outcome): Outcome => {
  const masked = ({ tag, value }: DataElement) => ({ tag, value: maskedValue(tag, value) });
  return {
    ...outcome,
    dataRecord: outcome.dataRecord.map(masked),
    discretionaryData: outcome.discretionaryData.map(masked),
  };
};

/** Hexadecimal text of what a card said, by what it is masked as. */
interface Replacement {
  readonly from: string;
  readonly to: string;
}

const redactedAnswer = (exchange: Exchange, secrets: Replacement[]): Exchange => {
  if ('fault' in exchange) return exchange;
  const { response } = exchange;
  const data = response.subarray(0, -2);
  const masked = maskedTlvs(data, secrets);
  return { ...exchange, response: concat(masked, response.subarray(-2)) };
};

const redactedExpectation = (one: Expectation): Expectation =>
  'tag' in one ? { tag: one.tag, value: maskedValue(one.tag, one.value) } : one;

// What is no TLV can hold anything: format 1 answers, a record that is torn. Nothing of it stays.
const maskedTlvs = (bytes: Uint8Array, secrets: Replacement[]): Uint8Array => {
  const objects = parseTlvs(bytes);
  if (isMalformed(objects)) return new Uint8Array(bytes.length);
  const copy = Uint8Array.from(bytes);
  for (const object of objects) copy.set(maskedObject(object, secrets), object.valueOffset);
  return copy;
};

const maskedObject = ({ tag, value }: Tlv, secrets: Replacement[]): Uint8Array => {
  if (isConstructed(tag)) return maskedTlvs(value, secrets);
  const masked = maskedValue(tag, value);
  if (!equal(masked, value)) secrets.push(...replacements(value, masked));
  return masked;
};

// What the terminal sends back may be cut off or filled up as the card's DOL asks: then the value
// is another, but the number is in it.
const replacements = (value: Uint8Array, masked: Uint8Array): readonly Replacement[] => {
  const [from, to] = [toHex(value), toHex(masked)];
  const { length } = NUMBER.exec(from)?.[0] ?? '';
  // A short value could stand for anything.
  return [
    ...(value.length < 4 ? [] : [{ from, to }]),
    ...(length === 0 ? [] : [{ from: from.slice(0, length), to: to.slice(0, length) }]),
  ];
};

const NUMBER = /^[0-9]{12,19}(?![0-9])/;

const maskedValue = (tag: number, value: Uint8Array): Uint8Array => {
  switch (sensitivityOf(tag)) {
    case 'open':
      return value;
    case 'account':
      return maskedAccount(value);
    default:
      return new Uint8Array(value.length);
  }
};

// A tag with several meanings is as sensitive as the most sensitive of them; one that nobody knows
// may hold anything.
const sensitivityOf = (tag: number): Sensitivity => {
  const rows = [lookUp(tag), ...meanings(tag)].filter((row) => row !== undefined);
  if (rows.length === 0) return 'enclosed';
  return rows.find(({ sensitivity }) => sensitivity !== 'open')?.sensitivity ?? 'open';
};

// Account number in front, as in 5A and 57: first six and last four digits, separator, expiry and
// service code stay, all other digits become 0; of twelve digits only the last four, as six more
// would leave two. Anything else is blanked.
const maskedAccount = (value: Uint8Array): Uint8Array => {
  const [, pan = '', rest = ''] = /^([0-9]{12,19})(.*)$/.exec(toHex(value)) ?? [];
  if (pan === '') return new Uint8Array(value.length);
  const first = pan.length > 12 ? pan.slice(0, 6) : '';
  const masked = `${first.padEnd(pan.length - 4, '0')}${pan.slice(-4)}`;
  const [, kept = '', dropped = ''] = /^(D[0-9]{0,7})?(.*)$/.exec(rest) ?? [];
  const blank = dropped.replaceAll(/[0-9A-E]/g, '0');
  return fromHex(masked + kept + blank) ?? new Uint8Array(value.length);
};

const replaced = (bytes: Uint8Array, secrets: readonly Replacement[]): Uint8Array => {
  let text = toHex(bytes);
  for (const { from, to } of secrets) text = text.replaceAll(from, to);
  return fromHex(text) ?? bytes;
};

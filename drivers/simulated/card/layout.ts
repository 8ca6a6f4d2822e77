import { concat } from '#bytes/bytes.ts';
import { fromHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { encodeTlv, tagText } from '#tlv/tlv.ts';
import { COMPUTED_FOR_C8 } from './c8/computed.ts';
import { type ApplicationFile, type CardFileProblem, isCardFileProblem } from './card-file.ts';
import { elementTag } from './element-text.ts';
import { recordKey } from './file-locator.ts';

/** Elements of one application by tag. */
export type Elements = ReadonlyMap<number, Uint8Array>;

/** A record as it is answered, or the tags of one whose values come with the transaction. */
export type CardRecord = Uint8Array | readonly number[];

/** Which element stands in which answer. */
export interface Layout {
  /** Template 61 for the directory, and 6F for SELECT. */
  readonly directoryEntry: Uint8Array;
  readonly fci: Uint8Array;
  /** Tags that the answers hold, in order. */
  readonly processingOptions: readonly number[];
  readonly generateAc: readonly number[];
  /** By `recordKey`. */
  readonly records: ReadonlyMap<number, CardRecord>;
}

/** Puts an application's elements where its file wants them. */
export const layOut = (file: ApplicationFile, elements: Elements): Layout | CardFileProblem => {
  const fci = statics('fci', file.fci, elements);
  if (isCardFileProblem(fci)) return fci;
  const issuerPart = statics('fciIssuerDiscretionary', file.fciIssuerDiscretionary, elements);
  if (isCardFileProblem(issuerPart)) return issuerPart;
  const processingOptions = tags('processingOptions', file.processingOptions, elements);
  if (isCardFileProblem(processingOptions)) return processingOptions;
  const generateAc = tags('generateAc', file.generateAc, elements);
  if (isCardFileProblem(generateAc)) return generateAc;
  const records = layOutRecords(file, elements);
  if (isCardFileProblem(records)) return records;
  const name = encodeTlv(tag.dfName, elements.get(tag.dfName) ?? NOTHING);
  if (issuerPart.length > 0) fci.push(encodeTlv(tag.fciIssuerDiscretionaryData, ...issuerPart));
  return {
    directoryEntry: directoryEntry(file, elements),
    fci: encodeTlv(tag.fciTemplate, name, encodeTlv(tag.fciProprietaryTemplate, ...fci)),
    processingOptions,
    generateAc,
    records,
  };
};

/** Static Data to be Authenticated: what a card's certificate covers. Book 3 §10.3 */
export const staticData = (
  file: ApplicationFile,
  elements: Elements,
): Uint8Array | CardFileProblem => {
  const parts: Uint8Array[] = [];
  for (const { sfi, record, signed, elements: names } of file.records) {
    if (!signed) continue;
    const content = statics(`records ${sfi}.${record}`, names, elements);
    if (isCardFileProblem(content)) return content;
    // Of files 1 to 10 the template's value, of others all of it.
    parts.push(...(sfi <= 10 ? content : [encodeTlv(tag.readRecordResponseTemplate, ...content)]));
  }
  const asked = elements.has(tag.staticDataAuthenticationTagList);
  const aip = elements.get(tag.applicationInterchangeProfile);
  return asked && aip !== undefined ? concat(...parts, aip) : concat(...parts);
};

/** Elements that the card works out for each transaction. */
const COMPUTED: ReadonlySet<number> = new Set([
  tag.applicationCryptogram,
  tag.cryptogramInformationData,
  tag.applicationTransactionCounter,
  tag.cardTransactionQualifiers,
  tag.cardProcessingRequirementsCpr,
  tag.posCardholderInteractionInformation,
  tag.signedDynamicApplicationData,
  tag.cardAuthenticationRelatedDataK3,
  ...COMPUTED_FOR_C8,
]);

/** Elements that a certificate may leave out: the key fits without them. */
const OPTIONAL: ReadonlySet<number> = new Set([
  tag.issuerPublicKeyRemainder,
  tag.iccPublicKeyRemainder,
]);

const NOTHING = new Uint8Array();

const problem = (key: string, what: string): CardFileProblem => ({ problem: `${key}: ${what}` });

const layOutRecords = (
  file: ApplicationFile,
  elements: Elements,
): ReadonlyMap<number, CardRecord> | CardFileProblem => {
  const records = new Map<number, CardRecord>();
  for (const { sfi, record, signed, elements: names } of file.records) {
    const key = `records ${sfi}.${record}`;
    const found = tags(key, names, elements);
    if (isCardFileProblem(found)) return found;
    if (!signed && found.some((one) => COMPUTED.has(one))) {
      records.set(recordKey(sfi, record), found);
      continue;
    }
    const content = statics(key, names, elements);
    if (isCardFileProblem(content)) return content;
    records.set(recordKey(sfi, record), encodeTlv(tag.readRecordResponseTemplate, ...content));
  }
  return records;
};

const tags = (key: string, names: readonly string[], elements: Elements) => {
  const found: number[] = [];
  for (const name of names) {
    const known = elementTag(name);
    if (known !== undefined && OPTIONAL.has(known) && !elements.has(known)) continue;
    if (known === undefined || !(elements.has(known) || COMPUTED.has(known))) {
      return problem(key, `expected names of the card's elements, found ${name}`);
    }
    found.push(known);
  }
  return found;
};

const statics = (key: string, names: readonly string[], elements: Elements) => {
  const found = tags(key, names, elements);
  if (isCardFileProblem(found)) return found;
  const computed = found.find((one) => !elements.has(one) || COMPUTED.has(one));
  if (computed !== undefined) {
    return problem(key, `${tagText(computed)} has no value before the transaction`);
  }
  return found.map((one) => encodeTlv(one, elements.get(one) ?? NOTHING));
};

const directoryEntry = (file: ApplicationFile, elements: Elements): Uint8Array => {
  const parts = [encodeTlv(tag.adfNameDirectoryAid, elements.get(tag.dfName) ?? NOTHING)];
  const label = elements.get(tag.applicationLabel);
  if (label !== undefined) parts.push(encodeTlv(tag.applicationLabel, label));
  parts.push(encodeTlv(tag.applicationPriorityIndicator, Uint8Array.of(file.priority)));
  const kernel = file.kernelIdentifier === undefined ? undefined : fromHex(file.kernelIdentifier);
  if (kernel !== undefined) parts.push(encodeTlv(tag.kernelIdentifier, kernel));
  return encodeTlv(tag.applicationTemplateDirectoryEntry, ...parts);
};

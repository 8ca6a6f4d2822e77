import { fromHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type DolEntry, parseDol } from '#tlv/dol.ts';
import { encodeTlv, isConstructed, tagText } from '#tlv/tlv.ts';
import {
  type CryptogramMethod,
  cardMasterKey,
  type Issuer,
  issuerOf,
  methodOf,
  readIssuerApplicationData,
  type Scheme,
} from '../issuer/index.ts';
import { accountElements, passesLuhn } from './account.ts';
import type { ApplicationFile, CardFileProblem } from './card-file.ts';
import { isCardFileProblem } from './card-file.ts';
import { elementTag, elementValue } from './element-text.ts';
import { fileLocator, recordKey } from './file-locator.ts';

/** An application as it leaves the personalisation bureau: bytes ready to answer with. */
export interface CardApplication {
  readonly profile: ApplicationFile['profile'];
  readonly scheme: Scheme;
  readonly aid: Uint8Array;
  /** Template 61 for the directory, and 6F for SELECT. */
  readonly directoryEntry: Uint8Array;
  readonly fci: Uint8Array;
  readonly pdol: readonly DolEntry[];
  readonly cdol1: readonly DolEntry[];
  /** Every static element by tag. */
  readonly elements: ReadonlyMap<number, Uint8Array>;
  /** Tags that the answers hold, in order. */
  readonly processingOptions: readonly number[];
  readonly generateAc: readonly number[];
  /** Template 70 by `recordKey`. */
  readonly records: ReadonlyMap<number, Uint8Array>;
  readonly verification: ApplicationFile['verification'];
  readonly decision: ApplicationFile['decision'];
  readonly method: CryptogramMethod;
  /** ICC master key for application cryptograms, as the issuer derives it. */
  readonly masterKey: Uint8Array;
}

/** Turns an application of a card file into bytes. The problem names the key, not the file. */
export const personalise = (file: ApplicationFile): CardApplication | CardFileProblem => {
  const issuer = passesLuhn(file.account.pan) ? issuerOf(file.account.pan) : undefined;
  if (issuer === undefined) {
    return problem('account.pan', 'expected a number of a simulated issuer with its check digit');
  }
  const elements = collectElements(file);
  if (isCardFileProblem(elements)) return elements;
  const method = methodFor(issuer, elements);
  if (isCardFileProblem(method)) return method;
  const layout = layOut(file, elements);
  if (isCardFileProblem(layout)) return layout;
  const lists = dataObjectLists(file, elements);
  if (isCardFileProblem(lists)) return lists;
  const { pan, sequenceNumber } = file.account;
  return {
    profile: file.profile,
    scheme: issuer.scheme,
    verification: file.verification,
    decision: file.decision,
    method,
    masterKey: cardMasterKey(method, issuer, pan, sequenceNumber),
    elements,
    aid: elements.get(tag.dfName) ?? NOTHING,
    ...layout,
    ...lists,
  };
};

const problem = (key: string, what: string): CardFileProblem => ({ problem: `${key}: ${what}` });

const NOTHING = new Uint8Array();

type Elements = ReadonlyMap<number, Uint8Array>;

const collectElements = (file: ApplicationFile): Elements | CardFileProblem => {
  const elements = new Map(accountElements(file.account));
  elements.set(tag.applicationPriorityIndicator, Uint8Array.of(file.priority));
  const given = { ...file.elements, dfName: file.aid };
  for (const [name, text] of Object.entries(given)) {
    const key = name === 'dfName' ? 'aid' : `elements.${name}`;
    const found = elementTag(name);
    if (found === undefined || isConstructed(found)) {
      return problem(key, 'expected a primitive element of src/data/elements.ts, or its tag');
    }
    const value = elementValue(name, text);
    if (typeof value === 'string') return problem(key, value);
    elements.set(found, value);
  }
  if (file.records.length > 0) {
    elements.set(tag.applicationFileLocator, fileLocator(file.records));
  }
  return elements;
};

const methodFor = (issuer: Issuer, elements: Elements): CryptogramMethod | CardFileProblem => {
  const key = 'elements.issuerApplicationData';
  const iad = elements.get(tag.issuerApplicationData) ?? NOTHING;
  const layout = readIssuerApplicationData(issuer.scheme, iad);
  if (isMalformed(layout)) return problem(key, describeMalformed(layout));
  const method = methodOf(issuer.scheme, layout.cvn);
  return (
    method ?? problem(key, `${issuer.scheme} cryptogram version ${layout.cvn} is not simulated`)
  );
};

/** Elements that the card works out for each transaction. */
const COMPUTED: ReadonlySet<number> = new Set([
  tag.applicationCryptogram,
  tag.cryptogramInformationData,
  tag.applicationTransactionCounter,
  tag.cardTransactionQualifiers,
  tag.posCardholderInteractionInformation,
]);

type Layout = Pick<
  CardApplication,
  'directoryEntry' | 'fci' | 'processingOptions' | 'generateAc' | 'records'
>;

const layOut = (file: ApplicationFile, elements: Elements): Layout | CardFileProblem => {
  const fci = statics('fci', file.fci, elements);
  if (isCardFileProblem(fci)) return fci;
  const issuerPart = statics('fciIssuerDiscretionary', file.fciIssuerDiscretionary, elements);
  if (isCardFileProblem(issuerPart)) return issuerPart;
  const processingOptions = tags('processingOptions', file.processingOptions, elements);
  if (isCardFileProblem(processingOptions)) return processingOptions;
  const generateAc = tags('generateAc', file.generateAc, elements);
  if (isCardFileProblem(generateAc)) return generateAc;
  const records = new Map<number, Uint8Array>();
  for (const { sfi, record, elements: names } of file.records) {
    const content = statics(`records ${sfi}.${record}`, names, elements);
    if (isCardFileProblem(content)) return content;
    records.set(recordKey(sfi, record), encodeTlv(tag.readRecordResponseTemplate, ...content));
  }
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

const tags = (key: string, names: readonly string[], elements: Elements) => {
  const found: number[] = [];
  for (const name of names) {
    const known = elementTag(name);
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
  const computed = found.find((one) => !elements.has(one));
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

const dataObjectLists = (
  file: ApplicationFile,
  elements: Elements,
): Pick<CardApplication, 'pdol' | 'cdol1'> | CardFileProblem => {
  const pdol = parseDol(elements.get(tag.pdol) ?? NOTHING);
  if (isMalformed(pdol)) return problem('elements.pdol', describeMalformed(pdol));
  const cdol1 = parseDol(elements.get(tag.cdol1) ?? NOTHING);
  if (isMalformed(cdol1)) return problem('elements.cdol1', describeMalformed(cdol1));
  // The list whose values the cryptogram covers depends on the command that makes it.
  const [name, list] = file.profile === 'qvsdc' ? ['pdol', pdol] : ['cdol1', cdol1];
  const absent = ASKED_FOR.find((wanted) => !list.some((entry) => entry.tag === wanted));
  return absent === undefined
    ? { pdol, cdol1 }
    : problem(`elements.${name}`, `the cryptogram needs ${tagText(absent)} from the terminal`);
};

const ASKED_FOR = [
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.terminalCountryCode,
  tag.terminalVerificationResults,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionType,
  tag.unpredictableNumber,
];

import { fromHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type DolEntry, parseDol } from '#tlv/dol.ts';
import { isConstructed, tagText } from '#tlv/tlv.ts';
import {
  type CryptogramMethod,
  cardMasterKey,
  type Issuer,
  issuerOf,
  methodOf,
  type RsaKey,
  readIssuerApplicationData,
  rsaKey,
  type Scheme,
} from '../issuer/index.ts';
import { accountElements, passesLuhn } from './account.ts';
import { type ChannelPersonalisation, personaliseChannel } from './c8/personalise.ts';
import type { ApplicationFile, CardFileProblem, KeyMaterial } from './card-file.ts';
import { isCardFileProblem } from './card-file.ts';
import { elementTag, elementValue } from './element-text.ts';
import { fileLocator } from './file-locator.ts';
import { type Elements, type Layout, layOut, staticData } from './layout.ts';

/** An application as it leaves the personalisation bureau: bytes ready to answer with. */
export interface CardApplication extends Layout {
  readonly profile: ApplicationFile['profile'];
  readonly scheme: Scheme;
  readonly aid: Uint8Array;
  readonly pdol: readonly DolEntry[];
  readonly cdol1: readonly DolEntry[];
  /** Every static element by tag. */
  readonly elements: Elements;
  /** The AFL where the card does not sign; undefined when nothing is left to read. Not kernel 2. */
  readonly locatorWithoutSignature: Uint8Array | undefined;
  readonly verification: ApplicationFile['verification'];
  readonly decision: ApplicationFile['decision'];
  readonly refuses: ApplicationFile['refuses'];
  readonly method: CryptogramMethod;
  /** ICC master key for application cryptograms, as the issuer derives it. */
  readonly masterKey: Uint8Array;
  /** With which the card signs transactions; absent for a card without. */
  readonly signing?: { readonly key: RsaKey; readonly wrongHash: boolean };
  readonly relayResistance?: RelayTimes;
  /** Kernel 8: the card's key, and what it covers. */
  readonly channel?: ChannelPersonalisation;
}

export interface RelayTimes {
  /** Minimum, maximum and transmission time, as they stand in the answer. */
  readonly times: Uint8Array;
  readonly relay: 'late' | 'answersItself' | undefined;
}

/**
 * Turns an application of a card file into bytes. The problem names the key, not the file.
 * @param keys of its keys.json; null for an application without authentication
 */
export const personalise = (
  file: ApplicationFile,
  keys: KeyMaterial | null,
): CardApplication | CardFileProblem => {
  const issuer = issuerFor(file);
  if (isCardFileProblem(issuer)) return issuer;
  const given = collectElements(file, keys);
  if (isCardFileProblem(given)) return given;
  const channel = file.profile === 'c8' ? personaliseChannel(file, issuer, given) : undefined;
  if (isCardFileProblem(channel)) return channel;
  const elements = withCertificates(given, channel?.certificates ?? {});
  const method = methodFor(issuer, elements);
  if (isCardFileProblem(method)) return method;
  const layout = layOut(file, elements);
  if (isCardFileProblem(layout)) return layout;
  const lists = dataObjectLists(file, elements, method);
  if (isCardFileProblem(lists)) return lists;
  const { pan, sequenceNumber } = file.account;
  const always = file.records.filter(({ forSignature }) => !forSignature);
  return {
    profile: file.profile,
    scheme: issuer.scheme,
    verification: file.verification,
    decision: file.decision,
    refuses: file.refuses,
    method,
    masterKey: cardMasterKey(method, issuer, pan, sequenceNumber),
    elements,
    locatorWithoutSignature: always.length > 0 ? fileLocator(always) : undefined,
    aid: elements.get(tag.dfName) ?? NOTHING,
    ...layout,
    ...lists,
    ...signingOf(file, keys),
    ...relayTimes(file),
    ...(channel === undefined ? {} : { channel }),
  };
};

/**
 * Static data that the card's certificate is to cover. A card whose `flaw` it is gets another
 * certificate than its records deserve.
 */
export const dataToCertify = (file: ApplicationFile): Uint8Array | CardFileProblem => {
  const issuer = issuerFor(file);
  if (isCardFileProblem(issuer)) return issuer;
  const elements = collectElements(file, null);
  if (isCardFileProblem(elements)) return elements;
  const data = staticData(file, elements);
  if (isCardFileProblem(data) || file.authentication?.flaw !== 'certificate') return data;
  const other = Uint8Array.from(data);
  other[0] = (other[0] ?? 0) ^ 0x01;
  return other;
};

const problem = (key: string, what: string): CardFileProblem => ({ problem: `${key}: ${what}` });

const NOTHING = new Uint8Array();

const issuerFor = ({ account }: ApplicationFile): Issuer | CardFileProblem =>
  (passesLuhn(account.pan) ? issuerOf(account.pan) : undefined) ??
  problem('account.pan', 'expected a number of a simulated issuer with its check digit');

const collectElements = (
  file: ApplicationFile,
  keys: KeyMaterial | null,
): Elements | CardFileProblem => {
  const elements = new Map(accountElements(file.account));
  elements.set(tag.applicationPriorityIndicator, Uint8Array.of(file.priority));
  const given = { ...file.elements, ...keys?.elements, dfName: file.aid };
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

const withCertificates = (
  elements: Elements,
  certificates: Readonly<Record<string, string>>,
): Elements => {
  const all = new Map(elements);
  for (const [name, text] of Object.entries(certificates)) {
    all.set(elementTag(name) ?? 0, fromHex(text) ?? NOTHING);
  }
  return all;
};

const signingOf = (
  { authentication }: ApplicationFile,
  keys: KeyMaterial | null,
): Pick<CardApplication, 'signing'> =>
  authentication === undefined || keys === null
    ? {}
    : { signing: { key: rsaKey(keys.privateKey), wrongHash: authentication.flaw === 'signature' } };

const relayTimes = ({
  relayResistance,
}: ApplicationFile): Pick<CardApplication, 'relayResistance'> => {
  if (relayResistance === undefined) return {};
  const { minimum, maximum, transmission, relay } = relayResistance;
  const times = fromHex(`${minimum}${maximum}${transmission}`);
  return times === undefined ? {} : { relayResistance: { times, relay } };
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

const dataObjectLists = (
  file: ApplicationFile,
  elements: Elements,
  { without = [] }: CryptogramMethod,
): Pick<CardApplication, 'pdol' | 'cdol1'> | CardFileProblem => {
  const pdol = parseDol(elements.get(tag.pdol) ?? NOTHING);
  if (isMalformed(pdol)) return problem('elements.pdol', describeMalformed(pdol));
  const cdol1 = parseDol(elements.get(tag.cdol1) ?? NOTHING);
  if (isMalformed(cdol1)) return problem('elements.cdol1', describeMalformed(cdol1));
  // The list whose values the cryptogram covers depends on the command that makes it.
  const [name, list] = QUICK.includes(file.profile) ? ['pdol', pdol] : ['cdol1', cdol1];
  const left = new Set(without.map((element) => tag[element]));
  const absent = ASKED_FOR.find(
    (wanted) => !left.has(wanted) && !list.some((entry) => entry.tag === wanted),
  );
  return absent === undefined
    ? { pdol, cdol1 }
    : problem(`elements.${name}`, `the cryptogram needs ${tagText(absent)} from the terminal`);
};

/** Profiles whose cards make their cryptogram with GET PROCESSING OPTIONS. */
const QUICK: readonly ApplicationFile['profile'][] = ['qvsdc', 'dpas', 'quics'];

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

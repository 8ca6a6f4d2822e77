import { toBcd } from '#bytes/bcd.ts';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { transactionData } from '#contactless/transaction-data.ts';
import { tag } from '#data/dictionary.ts';
import type { Combination, EntryPointData } from '#entry-point/configuration.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import { kernel2 } from '#kernels/c2/kernel.ts';
import { kernel3 } from '#kernels/c3/kernel.ts';
import { kernel6 } from '#kernels/c6/kernel.ts';
import { kernel7 } from '#kernels/c7/kernel.ts';
import { kernel8 } from '#kernels/c8/kernel.ts';
import type { Authentication, DataMap } from '#kernels/shared/kernel.ts';
import type { OutcomeName } from '#kernels/shared/outcome.ts';
import type { Step } from '#kernels/shared/step.ts';
import { signingCard } from '#test/kernels/c2/signing-card.ts';
import { READER } from '#test/kernels/c2/support.ts';
import { type Keys, offlineCard } from '#test/kernels/c3/offline-card.ts';
import { cardOf, fciOf, ONLINE } from '#test/kernels/c3/support.ts';
import { signingCard as discoverCard } from '#test/kernels/c6/signing-card.ts';
import { fciOf as discoverFci } from '#test/kernels/c6/support.ts';
import { offlineCard as unionPayCard } from '#test/kernels/c7/support.ts';
import { channelCard } from '#test/kernels/c8/channel-card.ts';
import {
  fciOf as fciOfKernel8,
  AID as KERNEL_8,
  OWN_KEY,
  READER as READER_8,
} from '#test/kernels/c8/support.ts';
import { play, type ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';

/** A tap from PPSE to outcome, ready to be run again and again with the same answers. */
export interface RecordedTap {
  readonly start: (authentication?: Authentication) => Step<ActivationEnd>;
  readonly answers: readonly Uint8Array[];
  readonly outcome: OutcomeName;
}

const RANDOM = hex('C0FFEE01');
const VISA = hex('A0000000031010');
const MASTERCARD = hex('A0000000041010');
const DISCOVER = hex('A0000001523010');
const UNIONPAY = hex('A000000333010101');

/** Applications of a card with a long directory: ours comes last and has the highest priority. */
const elevenOthers = Array.from({ length: 11 }, (_, i) =>
  directoryEntry(concat(hex('A000000999'), Uint8Array.of(0x10, i)), i + 2),
);

export const visaOnline = (): RecordedTap => record(VISA, visaOnlineCard, 0, 'onlineRequest');

export const visaOfTwelve = (): RecordedTap =>
  record(VISA, visaOnlineCard, 0, 'onlineRequest', undefined, elevenOthers);

export const visaOffline = (keys: Keys, authentication: Authentication): RecordedTap =>
  record(VISA, offlineCard(keys), 5000, 'approved', authentication);

export const mastercard = (
  keys: Keys,
  authentication: Authentication,
  where: 'online' | 'offline',
): RecordedTap =>
  where === 'online'
    ? record(MASTERCARD, signingCard(keys), 0, 'onlineRequest', authentication)
    : record(MASTERCARD, signingCard(keys), 5000, 'approved', authentication);

export const unionPayOnline = (): RecordedTap =>
  record(UNIONPAY, visaOnlineCard, 0, 'onlineRequest');

export const unionPayOffline = (keys: Keys, authentication: Authentication): RecordedTap =>
  record(UNIONPAY, unionPayCard(keys), 5000, 'approved', authentication);

export const discoverOnline = (): RecordedTap =>
  record(DISCOVER, discoverOnlineCard, 0, 'onlineRequest');

export const discoverOffline = (keys: Keys, authentication: Authentication): RecordedTap =>
  record(DISCOVER, discoverCard(keys), 5000, 'approved', authentication);

/** Kernel 8 with local authentication: certificates on P-256, the terminal's key made ahead. */
export const commonKernel = (
  authentication: Authentication,
  where: 'online' | 'offline',
): RecordedTap =>
  where === 'online'
    ? record(KERNEL_8, channelCard(), 0, 'onlineRequest', authentication)
    : record(KERNEL_8, channelCard(), 5000, 'approved', authentication);

// A phone: everything in the answer to GET PROCESSING OPTIONS, and one record.
const visaOnlineCard: ScriptedCard = cardOf(
  { ...ONLINE, '94': '08010100' },
  { '1.1': { '5F28': '0840', '9F07': 'C080', '9F19': '040010030273', '5F24': '281231' } },
);

const discoverOnlineCard: ScriptedCard = cardOf(
  { ...ONLINE, '9F10': '01050000000000000000', '9F71': '0000', '94': '08010100' },
  { '1.1': { '5F28': '0840', '9F07': 'FFC0', '9F24': '41'.repeat(29), '5F24': '281231' } },
);

const record = (
  aid: Uint8Array,
  card: ScriptedCard,
  floorLimit: number,
  expected: OutcomeName,
  authentication?: Authentication,
  others: readonly Uint8Array[] = [],
): RecordedTap => {
  const start = (withKeys = authentication) => tap(floorLimit, withKeys);
  const answers: Uint8Array[] = [];
  const { result } = play(
    start(),
    (command, index) => {
      const answer = index < 2 ? selection(aid, others, index) : card(command, index - 2);
      if (typeof answer === 'string') throw new TypeError('a recorded card has no faults');
      answers.push(answer);
      return answer;
    },
    { random: RANDOM },
  );
  const outcome = result.outcome?.outcome;
  if (outcome !== expected) {
    const why = result.outcome?.why.map((one) => one.why).join('; ');
    throw new Error(`the bench expects ${expected}, not ${outcome}: ${why}`);
  }
  return { start, answers, outcome };
};

const selection = (aid: Uint8Array, others: readonly Uint8Array[], index: number): Uint8Array => {
  const ok = hex('9000');
  if (index === 1) return concat(fciWith(aid), ok);
  const entries = encodeTlv(0xbf0c, ...others, directoryEntry(aid, 1));
  const name = encodeTlv(0x84, hex('325041592E5359532E4444463031'));
  return concat(encodeTlv(0x6f, name, encodeTlv(0xa5, entries)), ok);
};

function directoryEntry(aid: Uint8Array, priority: number): Uint8Array {
  return encodeTlv(
    0x61,
    encodeTlv(0x4f, aid),
    encodeTlv(0x50, hex('56495341')),
    encodeTlv(0x87, Uint8Array.of(priority)),
    ...(aid === KERNEL_8 ? [encodeTlv(tag.kernelIdentifier, Uint8Array.of(0x08))] : []),
  );
}

const fciWith = (aid: Uint8Array): Uint8Array => {
  if (aid === VISA || aid === UNIONPAY) return fciOf();
  if (aid === DISCOVER) return discoverFci();
  if (aid === KERNEL_8) return fciOfKernel8();
  return encodeTlv(
    0x6f,
    encodeTlv(0x84, aid),
    encodeTlv(0xa5, encodeTlv(0x50, hex('4D617374657263617264'))),
  );
};

const tap = (floorLimit: number, authentication: Authentication | undefined) => {
  const transaction = { type: 0, amountAuthorised: 1250, amountOther: 0, currency: 840 };
  return activate(
    {
      combinations: combinationsFor(floorLimit),
      terminal: TERMINAL,
      kernels: KERNELS,
      currencyExponents: EXPONENTS,
      ephemeralKeys: () => OWN_KEY,
      ...(authentication ? { authentication } : {}),
    },
    newTransaction,
    { start: 'A', transaction, transactionData: transactionData(transaction, '260615120000', 1) },
  );
};

const KERNELS = new Map([
  ['02', kernel2],
  ['03', kernel3],
  ['06', kernel6],
  ['07', kernel7],
  ['08', kernel8],
]);
const EXPONENTS = new Map([[840, 2]]);

// What a terminal in a shop has configured.
const TERMINAL: DataMap = new Map([
  [0x9f1a, hex('0840')],
  [0x9f35, hex('22')],
  [0x9f1c, hex('4354415030303031')],
  [0x9f16, hex('434F524E455253484F503030303031')],
  [0x9f1e, hex('4354303030303031')],
  [0x9f15, hex('5411')],
  [0x9f4e, hex('436F726E65722053686F70')],
  [0x9f40, hex('6000F0A001')],
]);

// Kernel 2 has limits and action codes of its own; over its floor limit it asks for an ARQC.
const mastercardData = (floorLimit: number): DataMap => {
  const action = floorLimit === 0 ? 'FFFFFFFFFF' : '840000000C';
  const kernelData = Object.entries({ ...READER, DF8122: action })
    .filter(([name]) => name.startsWith('DF'))
    .map(([name, value = '']) => [Number.parseInt(name, 16), hex(value)] as const);
  return new Map([...kernelData, [0xdf8123, toBcd(floorLimit, 6)]]);
};

// Kernel 8 likewise: over its floor limit the TVR asks for an ARQC.
const kernel8Data = (floorLimit: number): DataMap => {
  const kernelData = Object.entries(READER_8)
    .filter(([name]) => name.startsWith('9F82') || name === '9F09' || name === '9F1D')
    .map(([name, value = '']) => [Number.parseInt(name, 16), hex(value)] as const);
  return new Map([...kernelData, [tag.readerContactlessFloorLimitK8, toBcd(floorLimit, 6)]]);
};

const combinationsOf = (limit: number): ReadonlyMap<number, readonly Combination[]> => {
  const entryPoint: EntryPointData = {
    zeroAmountAllowed: false,
    readerContactlessFloorLimit: limit,
    readerCvmRequiredLimit: 10000,
  };
  const visa = { ...entryPoint, ttq: hex('26004000') };
  return new Map([
    [
      0,
      [
        { aid: VISA, kernelId: '03', entryPoint: visa, data: new Map() },
        { aid: hex('A0000000032010'), kernelId: '03', entryPoint: visa, data: new Map() },
        { aid: DISCOVER, kernelId: '06', entryPoint: visa, data: DISCOVER_DATA },
        { aid: UNIONPAY, kernelId: '07', entryPoint: visa, data: new Map() },
        { aid: MASTERCARD, kernelId: '02', entryPoint, data: mastercardData(limit) },
        { aid: hex('A0000000043060'), kernelId: '02', entryPoint, data: mastercardData(limit) },
        { aid: KERNEL_8, kernelId: '08', entryPoint, data: kernel8Data(limit) },
      ],
    ],
  ]);
};

const DISCOVER_DATA: DataMap = new Map([
  [0x9f09, hex('0001')],
  [0x9f33, hex('0028C8')],
]);

const ONLINE_ONLY = combinationsOf(0);
const OFFLINE_TOO = combinationsOf(5000);
const combinationsFor = (floorLimit: number) => (floorLimit === 0 ? ONLINE_ONLY : OFFLINE_TOO);

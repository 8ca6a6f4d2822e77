import { toBcd } from '#bytes/bcd.ts';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { type ElementName, tag } from '#data/dictionary.ts';
import {
  createHost,
  type Host,
  type HostProfile,
  hostDefaults,
} from '#drivers/simulated/acquirer/host.ts';
import { createMemoryLedger, type MemoryLedger } from '#drivers/simulated/acquirer/ledger.ts';
import { loadRules, shippedRules } from '#drivers/simulated/acquirer/rules.ts';
import {
  applicationCryptogram,
  cardMasterKey,
  issuerOf,
  methodOf,
  verifyCryptogram,
} from '#drivers/simulated/issuer/index.ts';
import { type FieldValue, type Message, text } from '#iso8583/index.ts';
import type { Log } from '#ports/log.ts';
import { encodeTlv } from '#tlv/tlv.ts';

/** Of a test range: in no real card. */
export const PAN = '4761739001010119';
export const OTHER_PAN = '4761739001010010';
export const TERMINAL = 'COUNTER1';
export const START_MS = Date.UTC(2026, 10, 21, 21, 59, 0);

/** A host in memory, with a clock that the test moves. */
export interface Desk {
  readonly ledger: MemoryLedger;
  readonly host: Host;
  readonly logged: string[];
  /** What the host answers; fails when it answers nothing. */
  ask(request: Message): Promise<Message>;
  /** DE 39 of the answer. */
  code(request: Message): Promise<string | undefined>;
  pass(ms: number): void;
  /** The same books in a host of its own, as after a restart. */
  restarted(): Desk;
}

const rules = await loadRules(shippedRules);

export const openDesk = (
  profile: Partial<HostProfile> = {},
  before = createMemoryLedger(),
): Desk => {
  const logged: string[] = [];
  let nowMs = START_MS;
  const host = createHost({
    ledger: before,
    rules,
    verify: verifyCryptogram,
    log: logInto(logged),
    wallMs: () => nowMs,
    profile: { ...hostDefaults, ...profile },
  });
  const ask = async (request: Message): Promise<Message> => {
    const answer = await host(request);
    if (answer === undefined) throw new Error(`${request.mti} was not answered`);
    return answer;
  };
  return {
    ledger: before,
    host,
    logged,
    ask,
    code: async (request) => text(await ask(request), 39),
    pass: (ms) => {
      nowMs += ms;
    },
    restarted: () => openDesk(profile, createMemoryLedger(before.entries())),
  };
};

const logInto = (lines: string[]): Log => {
  const line = (fields: unknown, message: string) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: line, info: line, warn: line, error: line };
};

export interface Tap {
  readonly mti?: string;
  readonly stan?: number;
  /** Application transaction counter: every tap has another. */
  readonly atc?: number;
  readonly pan?: string;
  readonly currency?: string;
  /** First two digits of DE 3, and 9C. */
  readonly processing?: string;
  /** DE 25. */
  readonly condition?: string;
  /** 9F27. */
  readonly information?: string;
  readonly wrong?: boolean;
  /** A payment without a card that answers: DE 55 stays out. */
  readonly withoutIcc?: boolean;
  /** Instead of, or beside, what a message of this kind has. */
  readonly fields?: readonly (readonly [number, FieldValue])[];
}

let stans = 0;
export const nextStan = (): number => ++stans;

export const digits = (value: number, length: number): string =>
  value.toString().padStart(length, '0');

/** A payment's message, by a Visa plastic card whose cryptogram the simulated issuer knows. */
export const paying = (amountMinor: number, tap: Tap = {}): Message => {
  const stan = tap.stan ?? nextStan();
  const { pan = PAN, currency = '840', processing = '00', condition = '00' } = tap;
  const icc = tap.withoutIcc === true ? [] : [[55, iccOf(amountMinor, tap, stan)] as const];
  return {
    mti: tap.mti ?? '0100',
    fields: new Map<number, FieldValue>([
      [2, pan],
      [3, `${processing}0000`],
      [4, digits(amountMinor, 12)],
      [7, `1121${digits(stan, 6)}`],
      [11, digits(stan, 6)],
      [12, '165900'],
      [13, '1121'],
      [14, '2812'],
      [22, '072'],
      [23, '001'],
      [25, condition],
      [37, `632616${digits(stan, 6)}`],
      [41, TERMINAL],
      [42, 'MERCHANT0000001'],
      [49, currency],
      ...icc,
      ...(tap.fields ?? []),
    ]),
  };
};

/** The same message again. */
export const again = (message: Message): Message => ({
  ...message,
  mti: `${message.mti.slice(0, 3)}1`,
});

/** DE 90 of a message that refers to this one. */
export const originalElements = (original: Message): string =>
  `${original.mti}${text(original, 11)}${text(original, 7)}${'0'.repeat(22)}`;

let reversals = 0;

/** A 0400 for a payment, at a time of its own. */
export const reversing = (
  original: Message,
  changed: readonly (readonly [number, FieldValue])[] = [],
  mti = '0400',
): Message => {
  const kept = [2, 3, 4, 11, 12, 13, 37, 41, 42, 49].flatMap((number) => {
    const value = original.fields.get(number);
    return value === undefined ? [] : [[number, value] as const];
  });
  reversals += 1;
  return {
    mti,
    fields: new Map<number, FieldValue>([
      ...kept,
      [7, `1122${digits(reversals, 6)}`],
      [39, '17'],
      [90, originalElements(original)],
      ...changed,
    ]),
  };
};

/** DE 95: what the payment shall be from now on. */
export const replacement = (amountMinor: number): readonly [95, string] => [
  95,
  `${digits(amountMinor, 12)}${'0'.repeat(30)}`,
];

/** The 0220 that turns a hold into a payment. */
export const completing = (
  hold: Message,
  amountMinor: number,
  changed: readonly (readonly [number, FieldValue])[] = [],
): Message =>
  paying(amountMinor, {
    mti: '0220',
    withoutIcc: true,
    fields: [[90, originalElements(hold)], ...changed],
  });

/** The 0500 of a terminal that counted these sums of what stands. */
export const reconciling = (
  debits: readonly [count: number, amountMinor: number],
  credits: readonly [count: number, amountMinor: number] = [0, 0],
  changed: readonly (readonly [number, FieldValue])[] = [],
): Message => {
  const stan = nextStan();
  const net = debits[1] - credits[1];
  return {
    mti: '0500',
    fields: new Map<number, FieldValue>([
      [7, `1121${digits(stan, 6)}`],
      [11, digits(stan, 6)],
      [41, TERMINAL],
      [74, digits(credits[0], 10)],
      [76, digits(debits[0], 10)],
      [86, digits(credits[1], 16)],
      [88, digits(debits[1], 16)],
      [97, `${net < 0 ? 'D' : 'C'}${digits(Math.abs(net), 16)}`],
      ...changed,
    ]),
  };
};

const iccOf = (amountMinor: number, tap: Tap, stan: number): Uint8Array => {
  const { pan = PAN, currency = '840', processing = '00', information = '80' } = tap;
  const data = new Map<number, Uint8Array>();
  const set = (name: ElementName, value: string | Uint8Array) =>
    data.set(tag[name], typeof value === 'string' ? hex(value) : value);
  set('amountAuthorisedNumeric', toBcd(amountMinor, 6));
  set('amountOtherNumeric', '000000000000');
  set('terminalCountryCode', '0840');
  set('terminalVerificationResults', '0000000000');
  set('transactionCurrencyCode', `0${currency}`);
  set('transactionDate', '261121');
  set('transactionType', processing);
  set('unpredictableNumber', '11223344');
  set('applicationInterchangeProfile', '2000');
  set('applicationTransactionCounter', (tap.atc ?? stan % 65_536).toString(16).padStart(4, '0'));
  set('issuerApplicationData', '06010A03A00000');
  set('cryptogramInformationData', information);
  set('applicationCryptogram', cryptogramOf(data, pan));
  if (tap.wrong === true) set('applicationCryptogram', '0000000000000000');
  return concat(...[...data].map(([number, value]) => encodeTlv(number, value)));
};

const cryptogramOf = (data: ReadonlyMap<number, Uint8Array>, pan: string): Uint8Array => {
  const issuer = issuerOf(pan);
  const method = methodOf('visa', 0x0a);
  if (issuer === undefined || method === undefined) throw new Error('no such issuer');
  const made = applicationCryptogram(method, cardMasterKey(method, issuer, pan, '01'), data);
  if (isMalformed(made)) throw new Error(made.problem);
  return made.value;
};

import { asyncScheduler, BehaviorSubject, type Observable, Subject } from 'rxjs';
import { toBcd } from '#bytes/bcd.ts';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { type ElementName, tag } from '#data/dictionary.ts';
import {
  applicationCryptogram,
  cardMasterKey,
  issuerOf,
  methodOf,
} from '#drivers/simulated/issuer/index.ts';
import {
  createCodec,
  decode,
  dialects,
  encode,
  type FieldValue,
  type Message,
  text,
} from '#iso8583/index.ts';
import { accountIn, openBooks, owed, type PaymentRecord, protect } from '#payment/index.ts';
import type { Clock } from '#ports/clock.ts';
import { fault, isFault } from '#ports/fault.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import { type Durable, memoryJournal } from '#test/support/memory-journal.ts';
import { memoryKeyStore } from '#test/support/memory-key-store.ts';
import {
  type Answered,
  type Payment,
  type Unanswered,
  type Uplink,
  type UplinkConfig,
  type UplinkParts,
  uplinkDefaults,
} from '#uplink/index.ts';

/** A test range's account number, in no real card. */
export const VISA = '4761739001010119';

export const config: UplinkConfig = {
  ...uplinkDefaults,
  signOn: false,
  terminalId: 'COUNTER1',
  merchantId: 'MERCHANT0000001',
};

/** Keys that every run of a test's terminal has. */
export const keys = memoryKeyStore({ seed: 'uplink' });

/** What a tap may differ in. */
export interface Changed {
  readonly pan?: string;
  readonly currency?: number;
  readonly wrong?: boolean;
  /** 9C: a purchase unless stated. */
  readonly type?: string;
  /** 9F03. */
  readonly cashBackMinor?: number;
  /** The card approved by itself: a TC. */
  readonly approved?: boolean;
}

/** A tap of a Visa plastic card, its cryptogram made with the simulated issuer's key. */
export const payment = async (
  amountMinor: number,
  atc: number,
  changed: Changed & {
    readonly kind?: PaymentRecord['kind'];
    /** Other keys than those of these tests. */
    readonly keys?: KeyStore;
  } = {},
): Promise<Payment> => {
  const { currency = 840, kind = 'purchase', type = '00' } = changed;
  const data = dataRecord(amountMinor, atc, changed);
  const account = accountIn(data);
  const id = `payment-${atc}`;
  const sealed =
    account === undefined ? undefined : await protect(account, id, changed.keys ?? keys);
  if (isFault(sealed)) throw new Error(sealed.detail);
  return {
    record: { id, kind, state: 'new', startedMs: clock.wallMs(), amountMinor, currency },
    transactionType: type,
    localTime: '261121165900',
    tap: { kernel: 'K3', data, cryptogram: true },
    sealed: sealed?.sealed ?? [],
  };
};

/** The data record of that tap. */
export const dataRecord = (
  amountMinor: number,
  atc: number,
  changed: Changed = {},
): ReadonlyMap<number, Uint8Array> => {
  const { pan = VISA, currency = 840, wrong = false, type = '00', approved = false } = changed;
  const data = new Map<number, Uint8Array>();
  const set = (name: ElementName, value: string | Uint8Array) =>
    data.set(tag[name], typeof value === 'string' ? hex(value) : value);
  set('track2EquivalentData', `${pan}D2812201000000000F`);
  set('applicationPan', pan);
  set('applicationPanSequenceNumber', '01');
  set('amountAuthorisedNumeric', toBcd(amountMinor, 6));
  set('amountOtherNumeric', toBcd(changed.cashBackMinor ?? 0, 6));
  set('terminalCountryCode', '0840');
  set('terminalVerificationResults', '0000000000');
  set('transactionCurrencyCode', currency.toString().padStart(4, '0'));
  set('transactionDate', '261121');
  set('transactionType', type);
  set('unpredictableNumber', '11223344');
  set('applicationInterchangeProfile', '2000');
  set('applicationTransactionCounter', atc.toString(16).padStart(4, '0'));
  set('issuerApplicationData', '06010A03A00000');
  if (approved) set('cryptogramInformationData', '40');
  set('applicationCryptogram', cryptogramOf(data, pan));
  if (wrong) set('applicationCryptogram', '0000000000000000');
  return data;
};

const cryptogramOf = (data: ReadonlyMap<number, Uint8Array>, pan: string): Uint8Array => {
  const issuer = issuerOf(pan);
  const method = methodOf('visa', 0x0a);
  if (issuer === undefined || method === undefined) throw new Error('no such issuer');
  const made = applicationCryptogram(method, cardMasterKey(method, issuer, pan, '01'), data);
  if (isMalformed(made)) throw new Error(made.problem);
  return made.value;
};

export const clock: Clock = {
  wallMs: () => Date.UTC(2026, 10, 21, 21, 59, 0),
  monotonicMs: () => performance.now(),
  scheduler: asyncScheduler,
};

/** Keeps what is logged, as text, for tests that look for what must not be in it. */
export const memoryLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = [];
  const line = (fields: unknown, message: string) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { lines, debug: line, info: line, warn: line, error: line };
};

/** What an uplink works with, over a journal that may hold what an earlier run left. */
export const partsOver = async (
  link: HostLink,
  log: Log,
  durable?: Durable,
): Promise<UplinkParts & { readonly journal: ReturnType<typeof memoryJournal> }> => {
  const journal = memoryJournal(clock.wallMs, durable);
  const books = await openBooks({ journal, clock, log });
  const codec = createCodec({
    dialect: 'iso8583-1987-ascii',
    mac: false,
    localTime: () => '261121165900',
  });
  return { link, books, keys, codec, clock, log, config, journal };
};

/** Asks, and writes what came of it as the terminal does. */
export const authorised = async (
  uplink: Uplink,
  { books }: UplinkParts,
  payment: Payment,
  signal = new AbortController().signal,
): Promise<Answered | Unanswered> => {
  const { record, outcome } = await uplink.authorise(payment, signal);
  if (record.state === 'new') return outcome;
  if (outcome.kind === 'unanswered') {
    const reason = outcome.fault.fault === 'aborted' ? 'cancelled' : 'noAnswer';
    if (outcome.mayHaveArrived) {
      await books.note(record, 'reversalOwed', owed(reason, clock.wallMs()));
    } else await books.note(record, 'declined');
    return outcome;
  }
  const held = record.kind === 'preAuthorisation' ? 'preAuthorised' : 'approved';
  await books.note(record, outcome.approved ? held : 'declined', { period: books.period });
  return outcome;
};

const dialect = dialects['iso8583-1987-ascii'];

/** A link to a host that the test plays. */
export interface PlayedLink extends HostLink {
  /** What the terminal sent, in order. */
  readonly sent: Message[];
  readonly sent$: Observable<Message>;
  /** The host says something. */
  says(message: Message): void;
  raw(bytes: Uint8Array): void;
  goesDown(): void;
  comesUp(): void;
}

export const playedLink = (): PlayedLink => {
  const state = new BehaviorSubject<LinkState>({ link: 'up', peer: 'played' });
  const received = new Subject<Uint8Array>();
  const sent: Message[] = [];
  const sent$ = new Subject<Message>();
  return {
    state$: state,
    received$: received,
    sent,
    sent$,
    send: async (bytes) => {
      if (state.value.link === 'down') return state.value.why;
      const message = decode(bytes, dialect);
      if (isMalformed(message)) throw new Error(message.problem);
      sent.push(message);
      sent$.next(message);
      return undefined;
    },
    says: (message) => received.next(bytesOf(message)),
    raw: (bytes) => received.next(bytes),
    goesDown: () => state.next({ link: 'down', why: fault('linkDown', 'cable') }),
    comesUp: () => state.next({ link: 'up', peer: 'played' }),
    close: async () => state.complete(),
  };
};

const bytesOf = (message: Message): Uint8Array => {
  const bytes = encode(message, dialect);
  if (isMalformed(bytes)) throw new Error(bytes.problem);
  return bytes;
};

/** The host's answer to a request, with the given fields besides the echoed ones. */
export const answerTo = (request: Message, ...fields: [number, FieldValue][]): Message => ({
  mti: `${request.mti.slice(0, 2)}${Number(request.mti.charAt(2)) + 1}0`,
  fields: new Map([
    ...[4, 11, 37, 41].flatMap((number): [number, string][] => {
      const value = text(request, number);
      return value === undefined ? [] : [[number, value]];
    }),
    ...fields,
  ]),
});

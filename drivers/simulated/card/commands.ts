import { sw } from '#apdu/status-words.ts';
import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { encodeTlv, readTlv } from '#tlv/tlv.ts';
import { type CardChannel, encryptedRecord } from './c8/channel.ts';
import { readEnvelope, writeEnvelope } from './c8/envelopes.ts';
import { c8 } from './c8/profile.ts';
import { type CommandName, PPSE, type ReceivedCommand } from './command.ts';
import { type CardTransaction, type CryptogramType, listed } from './cryptogram.ts';
import { dpas } from './dpas.ts';
import { recordKey } from './file-locator.ts';
import { mchip } from './mchip.ts';
import type { CardApplication } from './personalise.ts';
import type { CardAnswer, Profile } from './profile.ts';
import { quics } from './quics.ts';
import { qvsdc } from './qvsdc.ts';
import { exchangeRelayData, RELAY_TRIES } from './relay-resistance.ts';
import { commandTemplateValue, splitValues } from './split-values.ts';

/** Where a powered card stands between two commands. */
export type CardState =
  | { readonly at: 'ready' }
  | { readonly at: 'selected'; readonly app: CardApplication }
  /** GET PROCESSING OPTIONS was answered: records can be read and a cryptogram be asked for. */
  | ({ readonly at: 'initiated' } & Initiated)
  /** The cryptogram is made; records can still be read. */
  | ({ readonly at: 'completed' } & Initiated);

interface Initiated {
  readonly app: CardApplication;
  readonly atc: Uint8Array;
  /** Values for the PDOL, as they came. */
  readonly pdolValues: Uint8Array;
  /** Elements of this transaction that records hold. */
  readonly computed: ReadonlyMap<number, Uint8Array>;
  /** What the card will sign of the relay resistance exchange, and how often there was one. */
  readonly relayResistance?: Uint8Array;
  readonly relayTries: number;
  /** Kernel 8's secure channel. It counts messages: what was answered can't be taken back. */
  readonly channel?: CardChannel;
}

/** What the card has besides its state. */
export interface CardWorld {
  readonly applications: readonly CardApplication[];
  isVerifiedOnDevice(app: CardApplication): boolean;
  /** Counts the transaction counter up; undefined when it is used up or can't be kept. */
  nextAtc(): Uint8Array | undefined;
  readonly random: (length: number) => Uint8Array;
}

export interface Reaction {
  readonly answer: CardAnswer;
  /** The state after it; as before when absent. */
  readonly next?: CardState;
  /** The device wants to see its holder (true), or has paid (false). */
  readonly asksHolder?: boolean;
}

/** Carries out one command. Class and instruction are already known to belong to `name`. */
export const carryOut = (
  name: Exclude<CommandName, 'unknown command'>,
  state: CardState,
  command: ReceivedCommand,
  world: CardWorld,
): Reaction => {
  const app = addressed(name, state, command, world);
  const refusal = app?.refuses[name];
  if (app === undefined || refusal === undefined) return handlers[name](state, command, world);
  return refuse(Number.parseInt(refusal, 16));
};

// The application that a command is for: the one it names, or the one that is selected.
const addressed = (
  name: CommandName,
  state: CardState,
  { data }: ReceivedCommand,
  { applications }: CardWorld,
): CardApplication | undefined => {
  if (name === 'SELECT') return applications.find(({ aid }) => equal(aid, data));
  return state.at === 'ready' || name === 'SELECT PPSE' ? undefined : state.app;
};

type Handler = (state: CardState, command: ReceivedCommand, world: CardWorld) => Reaction;

// P1 04: by name; P2 00: the first or only one. Book 1 §11.3.
const byName = ({ p1, p2 }: ReceivedCommand) => p1 === 0x04 && p2 === 0x00;

const selectDirectory: Handler = (_, command, { applications }) => {
  if (!byName(command)) return refuse(sw.incorrectParameters);
  const entries = applications.map(({ directoryEntry }) => directoryEntry);
  const content = encodeTlv(
    tag.fciProprietaryTemplate,
    encodeTlv(tag.fciIssuerDiscretionaryData, ...entries),
  );
  const data = encodeTlv(tag.fciTemplate, encodeTlv(tag.dfName, PPSE), content);
  return { answer: { sw: sw.ok, data }, next: { at: 'ready' } };
};

const selectApplication: Handler = (_, command, { applications }) => {
  if (!byName(command)) return refuse(sw.incorrectParameters);
  const app = applications.find(({ aid }) => equal(aid, command.data));
  // After a name it doesn't know, nothing is selected any more.
  if (app === undefined) return { ...refuse(sw.fileNotFound), next: { at: 'ready' } };
  return { answer: { sw: sw.ok, data: app.fci }, next: { at: 'selected', app } };
};

const getProcessingOptions: Handler = (state, { p1, p2, data }, world) => {
  if (p1 !== 0 || p2 !== 0) return refuse(sw.incorrectParameters);
  // Once after each SELECT. Book 3 §6.5.8.
  if (state.at !== 'selected') return refuse(sw.conditionsNotSatisfied);
  const { app } = state;
  const filled = commandTemplateValue(data);
  if (typeof filled === 'number') return refuse(filled);
  const terminal = splitValues(app.pdol, filled);
  if (typeof terminal === 'number') return refuse(terminal);
  const atc = world.nextAtc();
  if (atc === undefined) return refuse(MEMORY_FAILURE);
  const initiated = { app, atc, pdolValues: filled, computed: NOTHING_COMPUTED, relayTries: 0 };
  const transaction = transactionOf(initiated, terminal, world);
  const answer = profiles[app.profile].processingOptions(app, transaction);
  const { computed = NOTHING_COMPUTED, asksHolder, channel } = answer;
  if (answer.sw !== sw.ok) return asksHolder === true ? { answer, asksHolder } : { answer };
  // Those that need no GENERATE AC have made their cryptogram with this.
  const paid = answer.computed === undefined ? {} : { asksHolder: false };
  const opened = channel === undefined ? {} : { channel };
  return { answer, next: { at: 'initiated', ...initiated, computed, ...opened }, ...paid };
};

const relayResistance: Handler = (state, { p1, p2, data }, world) => {
  if (state.at === 'ready') return refuse(sw.conditionsNotSatisfied);
  const { relayResistance: times } = state.app;
  if (times === undefined) return refuse(sw.insNotSupported);
  if (state.at !== 'initiated') return refuse(sw.conditionsNotSatisfied);
  if (state.relayTries === RELAY_TRIES) return refuse(sw.conditionsNotSatisfied);
  if (p1 !== 0 || p2 !== 0) return refuse(sw.incorrectParameters);
  if (data.length !== 4) return refuse(sw.wrongLength);
  const exchanged = exchangeRelayData(times, data, world.random);
  const { relayTries } = state;
  return {
    answer: { sw: sw.ok, data: exchanged.answer },
    next: { ...state, relayResistance: exchanged.remembered, relayTries: relayTries + 1 },
  };
};

const readRecord: Handler = (state, { p1, p2 }) => {
  if (state.at !== 'initiated' && state.at !== 'completed') {
    return refuse(sw.conditionsNotSatisfied);
  }
  // P2 bits 3-1 = 100: P1 is a record number. Book 3 §6.5.11.
  if ((p2 & 0x07) !== 0x04 || p1 === 0) return refuse(sw.incorrectParameters);
  const record = state.app.records.get(recordKey(p2 >> 3, p1));
  if (record === undefined) return refuse(sw.recordNotFound);
  const data =
    record instanceof Uint8Array
      ? record
      : encodeTlv(tag.readRecordResponseTemplate, ...listed(state.app, record, state.computed));
  const { app, channel } = state;
  const personal = app.channel;
  if (channel === undefined || !personal?.encrypted.has(recordKey(p2 >> 3, p1))) {
    return { answer: { sw: sw.ok, data } };
  }
  const content = readTlv(data, 0, 0, []);
  if ('malformed' in content) return refuse(sw.recordNotFound);
  const replayed = personal.flaw === 'counter';
  return { answer: { sw: sw.ok, data: encryptedRecord(channel, content.value, replayed) } };
};

const generateAc: Handler = (state, { p1, p2, data }, world) => {
  if (state.at !== 'initiated') return refuse(sw.conditionsNotSatisfied);
  const { app } = state;
  const type = CRYPTOGRAM_TYPES[p1 >> 6];
  // Kernel 8 says in P2 that data envelopes follow.
  const p2Known = p2 === 0 || (p2 === 0x80 && state.channel !== undefined);
  if (type === undefined || !p2Known) return refuse(sw.incorrectParameters);
  const terminal = splitValues(app.cdol1, data);
  if (typeof terminal === 'number') return refuse(terminal);
  const transaction = transactionOf(state, terminal, world);
  // P1 bit 5: combined with a signature. Book 3 §6.5.5
  const request = { type, signed: (p1 & 0x10) !== 0, cdol1Values: data };
  const answer = profiles[app.profile].generateAc(app, transaction, request);
  if (answer.sw !== sw.ok) return { answer };
  const { asksHolder = false } = answer;
  return { answer, next: { ...state, at: 'completed' }, asksHolder };
};

// Before GENERATE AC an envelope is read, after it written. C-8 6.7, 6.12
const readData: Handler = (state, { p1, p2, data }) => {
  if (state.at !== 'initiated' || state.channel === undefined) {
    return refuse(sw.conditionsNotSatisfied);
  }
  if (p1 !== 0 || p2 !== 0) return refuse(sw.incorrectParameters);
  return { answer: readEnvelope(state.app, state.channel, data) };
};

const writeData: Handler = (state, { p1, p2, data }) => {
  if (state.at !== 'completed' || state.channel === undefined) {
    return refuse(sw.conditionsNotSatisfied);
  }
  if (p1 !== 0 || (p2 & 0x7f) !== 0) return refuse(sw.incorrectParameters);
  return { answer: writeEnvelope(state.channel, data) };
};

const transactionOf = (
  { app, atc, pdolValues, relayResistance: exchanged, channel }: Initiated,
  terminal: ReadonlyMap<number, Uint8Array>,
  world: CardWorld,
): CardTransaction => ({
  atc,
  terminal,
  pdolValues,
  verifiedOnDevice: world.isVerifiedOnDevice(app),
  relayResistance: exchanged,
  channel,
  random: world.random,
});

const NOTHING_COMPUTED: ReadonlyMap<number, Uint8Array> = new Map();

const handlers: Readonly<Record<Exclude<CommandName, 'unknown command'>, Handler>> = {
  'SELECT PPSE': selectDirectory,
  SELECT: selectApplication,
  'GET PROCESSING OPTIONS': getProcessingOptions,
  'EXCHANGE RELAY RESISTANCE DATA': relayResistance,
  'READ RECORD': readRecord,
  'GENERATE AC': generateAc,
  'READ DATA': readData,
  'WRITE DATA': writeData,
};

const profiles: Readonly<Record<CardApplication['profile'], Profile>> = {
  qvsdc,
  mchip,
  dpas,
  quics,
  c8,
};

// P1 bits 8-7; 11 is reserved. Book 3 §6.5.5.
const CRYPTOGRAM_TYPES: readonly (CryptogramType | undefined)[] = ['aac', 'tc', 'arqc', undefined];

// ISO 7816-4: memory failure.
const MEMORY_FAILURE = 0x6581;

const refuse = (status: number): Reaction => ({ answer: { sw: status } });

import { sw } from '#apdu/status-words.ts';
import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { type CommandName, PPSE, type ReceivedCommand } from './command.ts';
import type { CryptogramType } from './cryptogram.ts';
import { recordKey } from './file-locator.ts';
import { mchip } from './mchip.ts';
import type { CardApplication } from './personalise.ts';
import type { CardAnswer, Profile } from './profile.ts';
import { qvsdc } from './qvsdc.ts';
import { commandTemplateValue, splitValues } from './split-values.ts';

/** Where a powered card stands between two commands. */
export type CardState =
  | { readonly at: 'ready' }
  | { readonly at: 'selected'; readonly app: CardApplication }
  /** GET PROCESSING OPTIONS was answered: records can be read and a cryptogram be asked for. */
  | { readonly at: 'initiated'; readonly app: CardApplication; readonly atc: Uint8Array }
  /** The cryptogram is made; records can still be read. */
  | { readonly at: 'completed'; readonly app: CardApplication };

/** What the card has besides its state. */
export interface CardWorld {
  readonly applications: readonly CardApplication[];
  isVerifiedOnDevice(app: CardApplication): boolean;
  /** Counts the transaction counter up; undefined when it is used up or can't be kept. */
  nextAtc(): Uint8Array | undefined;
}

export interface Reaction {
  readonly answer: CardAnswer;
  /** The state after it; as before when absent. */
  readonly next?: CardState;
}

/** Carries out one command. Class and instruction are already known to belong to `name`. */
export const carryOut = (
  name: Exclude<CommandName, 'unknown command'>,
  state: CardState,
  command: ReceivedCommand,
  world: CardWorld,
): Reaction => handlers[name](state, command, world);

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
  const transaction = { atc, terminal, verifiedOnDevice: world.isVerifiedOnDevice(app) };
  const answer = profiles[app.profile].processingOptions(app, transaction);
  return answer.sw === sw.ok ? { answer, next: { at: 'initiated', app, atc } } : { answer };
};

const readRecord: Handler = (state, { p1, p2 }) => {
  if (state.at !== 'initiated' && state.at !== 'completed') {
    return refuse(sw.conditionsNotSatisfied);
  }
  // P2 bits 3-1 = 100: P1 is a record number. Book 3 §6.5.11.
  if ((p2 & 0x07) !== 0x04 || p1 === 0) return refuse(sw.incorrectParameters);
  const data = state.app.records.get(recordKey(p2 >> 3, p1));
  return data === undefined ? refuse(sw.recordNotFound) : { answer: { sw: sw.ok, data } };
};

const generateAc: Handler = (state, { p1, p2, data }, world) => {
  if (state.at !== 'initiated') return refuse(sw.conditionsNotSatisfied);
  const { app, atc } = state;
  const asked = CRYPTOGRAM_TYPES[p1 >> 6];
  if (asked === undefined || p2 !== 0) return refuse(sw.incorrectParameters);
  const terminal = splitValues(app.cdol1, data);
  if (typeof terminal === 'number') return refuse(terminal);
  const transaction = { atc, terminal, verifiedOnDevice: world.isVerifiedOnDevice(app) };
  const answer = profiles[app.profile].generateAc(app, transaction, asked);
  return answer.sw === sw.ok ? { answer, next: { at: 'completed', app } } : { answer };
};

const handlers: Readonly<Record<Exclude<CommandName, 'unknown command'>, Handler>> = {
  'SELECT PPSE': selectDirectory,
  SELECT: selectApplication,
  'GET PROCESSING OPTIONS': getProcessingOptions,
  'READ RECORD': readRecord,
  'GENERATE AC': generateAc,
};

const profiles: Readonly<Record<CardApplication['profile'], Profile>> = { qvsdc, mchip };

// P1 bits 8-7; 11 is reserved. Book 3 §6.5.5.
const CRYPTOGRAM_TYPES: readonly (CryptogramType | undefined)[] = ['aac', 'tc', 'arqc', undefined];

// ISO 7816-4: memory failure.
const MEMORY_FAILURE = 0x6581;

const refuse = (status: number): Reaction => ({ answer: { sw: status } });

import { isMalformed } from '#bytes/malformed.ts';
import { cyclicRandom, onlineAnswer } from '#contactless/inputs.ts';
import { transactionData } from '#contactless/transaction-data.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { Activation, ActivationEnd, EntryPointState } from '#entry-point/run.ts';
import type { Step } from '#kernels/shared/step.ts';
import { type LabError, labError } from './lab-error.ts';
import type { ActivateRequest } from './requests.ts';

/** What the lab room asks of the world. */
export interface LabWorld {
  /** Monotonic. */
  readonly microseconds: () => number;
  /** Local time as YYMMDDhhmmss. */
  readonly clock: () => string;
  readonly random: (length: number) => Uint8Array;
}

/** A transaction between two activations. */
export interface LabTransaction {
  readonly sequenceCounter: number;
  readonly type: number;
  readonly state: EntryPointState;
  /** Language in use: the last one that a UI request named. Book A 9 */
  readonly language: string | null;
}

/** An activation that may start. */
export interface Startable {
  readonly step: Step<ActivationEnd>;
  readonly random: (length: number) => Uint8Array;
  readonly language: string | null;
}

/** Book A: purchase, cash, purchase with cashback, refund. */
const BOOK_TYPES: readonly number[] = [0x00, 0x01, 0x09, 0x20];

/** Entry Point, ready to run, or why this activation is refused. */
export const startable = (
  request: ActivateRequest,
  reader: ReaderConfiguration,
  before: LabTransaction | undefined,
  world: LabWorld,
): Startable | LabError => {
  const continued = before?.sequenceCounter === request.sequenceCounter ? before : undefined;
  const refusal = refusalOf(request, reader, continued);
  if (refusal !== undefined) return refusal;
  const { transaction, onlineResponse, sequenceCounter, start } = request;
  const answer = onlineResponse === undefined ? {} : onlineAnswer(onlineResponse);
  if (isMalformed(answer)) return labError('malformed', 'onlineResponse: no data objects (TLV)');
  const time = request.clock ?? world.clock();
  const activation: Activation = {
    start,
    transaction,
    transactionData: transactionData(transaction, time, sequenceCounter),
    ...answer,
  };
  return {
    step: activate(reader, continued?.state ?? newTransaction, activation),
    random: request.random === undefined ? world.random : cyclicRandom(request.random),
    language: continued?.language ?? null,
  };
};

const refusalOf = (
  { start, transaction: { type, currency } }: ActivateRequest,
  reader: ReaderConfiguration,
  continued: LabTransaction | undefined,
): LabError | undefined => {
  const combinations = reader.combinations.get(type) ?? [];
  // A type of Book A without combinations is no error: it is as if none were allowed.
  if (combinations.length === 0 && !BOOK_TYPES.includes(type)) {
    return labError('unsupportedTransactionType', 'no combination set is for this type');
  }
  if (continued !== undefined && continued.type !== type) {
    return labError('notAllowed', 'a transaction keeps its type');
  }
  if (continued === undefined && (start === 'C' || start === 'D')) {
    return labError('notAllowed', `Start ${start} only continues a transaction`);
  }
  if (start === 'D' && continued?.state.selected === null) {
    return labError('notAllowed', 'Start D needs an application that is selected');
  }
  const checksStatus = combinations.some(({ entryPoint }) => entryPoint.statusCheck === true);
  if (start === 'A' && checksStatus && !reader.currencyExponents.has(currency)) {
    return labError('configuration', 'status check: the minor units of this currency are unknown');
  }
  return undefined;
};

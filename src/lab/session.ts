import { toHex } from '#bytes/hex.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import type { Answer, Ask } from '#kernels/shared/step.ts';
import type { UiRequest } from '#kernels/shared/ui-request.ts';
import { type LabTransaction, type LabWorld, type Startable, startable } from './activation.ts';
import { askJson, type LabAsk, readAnswer } from './asks.ts';
import { type LabConfiguration, readConfiguration } from './configure.ts';
import { isLabError, type LabError, labError } from './lab-error.ts';
import { readObject } from './lines.ts';
import { outcomeJson, uiJson } from './outcome-json.ts';
import { type ActivateRequest, OPS, type Request, readRequest } from './requests.ts';

/** What a line leads to: lines to write, each one JSON object. */
export interface Handled {
  readonly lines: readonly string[];
  /** The lab said quit. */
  readonly ended: boolean;
}

export interface LabSession {
  handle(line: string | LabError): Handled;
}

interface Running extends Startable {
  readonly request: ActivateRequest;
  readonly ask: LabAsk;
  readonly askedAt: number;
  readonly language: string | null;
}

interface Session {
  readonly world: LabWorld;
  configuration: LabConfiguration | undefined;
  transaction: LabTransaction | undefined;
  running: Running | undefined;
  /** Lines of the request in hand. */
  out: object[];
}

/** The terminal's end of the lab port: one line in, some lines out. */
export const labSession = (world: LabWorld): LabSession => {
  const session: Session = {
    world,
    configuration: undefined,
    transaction: undefined,
    running: undefined,
    out: [],
  };
  return {
    handle(line) {
      session.out = [];
      const ended = carryOut(session, line);
      return { lines: session.out.map((one) => JSON.stringify(one)), ended };
    },
  };
};

const OK = { ok: true } as const;

const carryOut = (session: Session, line: string | LabError): boolean => {
  const object = readObject(line);
  if (isMistake(object)) {
    session.out.push(object);
    return false;
  }
  const { running } = session;
  if (running !== undefined && object.value['op'] !== 'quit') {
    session.out.push(...answered(session, running, object));
    return false;
  }
  const request = readRequest(object.value);
  session.out.push(isLabError(request) ? request : reply(session, request));
  return !isLabError(request) && request.op === 'quit';
};

const isMistake = (object: ReturnType<typeof readObject>): object is LabError =>
  typeof object.error === 'object';

// Outside an ask. What `activate` leads to is written as it happens; its reply comes last.
const reply = (session: Session, request: Request): object => {
  switch (request.op) {
    case 'quit':
      return OK;
    case 'reset':
      session.configuration = undefined;
      session.transaction = undefined;
      return OK;
    case 'configure': {
      const configuration = readConfiguration(request.value);
      if (isLabError(configuration)) return configuration;
      session.configuration = configuration;
      session.transaction = undefined;
      return OK;
    }
    case 'field':
      session.out.push(fieldEvent(request.on, request.holdMs));
      return OK;
    case 'ui': {
      const { language, event } = uiEvent(request.request, session.transaction?.language ?? null);
      if (session.transaction) session.transaction = { ...session.transaction, language };
      session.out.push(event);
      return OK;
    }
    case 'activate': {
      if (session.configuration === undefined) return labError('notAllowed', 'configure first');
      const { reader } = session.configuration;
      const start = startable(request.request, reader, session.transaction, session.world);
      return isLabError(start) ? start : advance(session, request.request, start);
    }
  }
};

// During an ask.
const answered = (
  session: Session,
  running: Running,
  { error, value }: { readonly error: boolean; readonly value: Readonly<Record<string, unknown>> },
): readonly object[] => {
  const { op } = value;
  if (op !== undefined) {
    return OPS.includes(String(op))
      ? [labError('notAllowed', `${running.ask.ask} was asked: only an answer or quit goes on`)]
      : [labError('unknownRequest', `${running.ask.ask} was asked, and there is no such request`)];
  }
  if (error) {
    session.running = undefined;
    // A new transaction that was given up is none, and the one before it was over when it began.
    if (running.request.sequenceCounter !== session.transaction?.sequenceCounter) {
      session.transaction = undefined;
    }
    return [labError('abandoned', 'the lab gave the activation up')];
  }
  const took = session.world.microseconds() - running.askedAt;
  const answer = readAnswer(running.ask, value, took);
  if (isLabError(answer)) return [answer];
  session.running = undefined;
  return [advance(session, running.request, running, answer)];
};

// Runs Entry Point up to its next question to the lab, or to its end.
const advance = (
  session: Session,
  request: ActivateRequest,
  start: Startable,
  first?: Answer,
): object => {
  const { step, random } = start;
  let { language } = start;
  let answer = first;
  try {
    for (;;) {
      const next = answer === undefined ? step.next() : step.next(answer);
      if (next.done === true) return ended(session, request, language, next.value);
      const ask: Ask = next.value;
      if (ask.ask === 'random') {
        answer = { to: 'random', bytes: random(ask.length) };
      } else if (ask.ask === 'field') {
        session.out.push(fieldEvent(ask.on, ask.holdMs));
        answer = { to: 'field' };
      } else if (ask.ask === 'ui') {
        const shown = uiEvent(ask.request, language);
        language = shown.language;
        session.out.push(shown.event);
        answer = { to: 'ui' };
      } else if (ask.ask === 'clearance') {
        // A lab tests what a shop would take.
        answer = { to: 'clearance' };
      } else if (ask.ask === 'dataExchange') {
        // The lab never sets `dataExchange` in a kernel's input.
        answer = { to: 'dataExchange', data: null };
      } else {
        const askedAt = session.world.microseconds();
        session.running = { step, random, request, ask, askedAt, language };
        return askJson(ask, configuredTags(session, request));
      }
    }
  } catch (error) {
    // Only our own bugs throw: the lab hears of it and can go on.
    return labError('internal', error instanceof Error ? error.message : 'an error of our own');
  }
};

const ended = (
  session: Session,
  request: ActivateRequest,
  language: string | null,
  { outcome, selected, state }: ActivationEnd,
): object => {
  // Also without a card this is the transaction now, and what was shown is not shown again.
  const { sequenceCounter, transaction } = request;
  session.transaction = { sequenceCounter, type: transaction.type, state, language };
  if (outcome === null) return labError('cardTimeout', 'nobody presented a card');
  const shown = outcome.uiOnOutcome && uiEvent(outcome.uiOnOutcome, language).request;
  return {
    outcome: outcomeJson({ ...outcome, uiOnOutcome: shown }),
    selected: selected && {
      adfName: toHex(selected.candidate.adfName),
      extendedSelection: hexOrNull(selected.candidate.extendedSelection),
      kernelId: selected.combination.kernelId,
      kernelIdentifierTerminal: toHex(selected.kernelIdentifierTerminal),
    },
  };
};

const hexOrNull = (bytes: Uint8Array | undefined): string | null =>
  bytes === undefined ? null : toHex(bytes);

const fieldEvent = (on: boolean, holdMs: number): object => ({ event: 'field', on, holdMs });

// A language that one request names stays in use for the next ones. Book A 9
const uiEvent = (asked: UiRequest, inUse: string | null) => {
  const language = asked.language?.slice(0, 2) ?? inUse;
  const request = { ...asked, language };
  return { language, request, event: { event: 'ui', ...uiJson(request) } };
};

const configuredTags = (session: Session, request: ActivateRequest): ReadonlySet<number> => {
  const reader = session.configuration?.reader;
  const combinations = reader?.combinations.get(request.transaction.type) ?? [];
  return new Set([
    ...(reader?.terminal.keys() ?? []),
    ...combinations.flatMap(({ data }) => [...data.keys()]),
  ]);
};

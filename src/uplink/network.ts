import {
  EMPTY,
  exhaustMap,
  filter,
  ignoreElements,
  merge,
  type Observable,
  startWith,
  switchMap,
  timer,
} from 'rxjs';
import { text } from '#iso8583/index.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Conversation } from './conversation.ts';
import { networkManagement, networkRequest } from './requests.ts';
import type { Echo, UplinkParts } from './types.ts';

/**
 * Network management: signs on whenever a connection is up, and asks the host for a sign of life
 * when no message went either way for a while, so that a connection that is dead without saying so
 * is found before a shopper is.
 */
export const networkManagement$ = (
  parts: UplinkParts,
  conversation: Conversation,
): Observable<never> => {
  const { link, clock, config } = parts;
  const idle$ = conversation.traffic$.pipe(
    startWith(undefined),
    switchMap(() => timer(config.echoAfterMs, config.echoAfterMs, clock.scheduler)),
  );
  const signOn$ = link.state$.pipe(
    filter((state) => config.signOn && state.link === 'up'),
    switchMap(() => ask('signOn', parts, conversation)),
  );
  const echo$ = link.state$.pipe(
    switchMap((state) => (state.link === 'down' ? EMPTY : idle$)),
    exhaustMap(() => ask('echo', parts, conversation)),
  );
  return merge(signOn$, echo$).pipe(ignoreElements());
};

/** One echo to the host and back, for whoever wants to know at once. */
export const echo = async (
  { books, clock, config }: UplinkParts,
  conversation: Conversation,
  signal: AbortSignal,
): Promise<Echo | Fault> => {
  const wallMs = clock.wallMs();
  const request = networkRequest(networkManagement.echo, books.nextStan(), wallMs, config);
  const startedMs = clock.monotonicMs();
  const answer = await conversation.ask(request, { withinMs: config.answerWithinMs, signal });
  if ('kind' in answer) return answer.fault;
  const milliseconds = Math.round(clock.monotonicMs() - startedMs);
  const code = text(answer, 39);
  if (code !== '00') return fault('protocol', `the host answered an echo with ${code}`);
  // Most hosts send our own DE 7 back; what is another time is theirs.
  const told = text(answer, 7);
  const aheadMs = told === text(request, 7) ? undefined : aheadOf(told, wallMs);
  return { milliseconds, ...(aheadMs === undefined ? {} : { aheadMs }) };
};

/** DE 7 is MMDDhhmmss in UTC without a year: the one that is nearest is meant. */
const aheadOf = (told: string | undefined, wallMs: number): number | undefined => {
  const [, month, day, hour, minute, second] = (DE_7.exec(told ?? '') ?? []).map(Number);
  if (month === undefined) return undefined;
  const year = new Date(wallMs).getUTCFullYear();
  const [nearest] = [year - 1, year, year + 1]
    .map((one) => Date.UTC(one, month - 1, day, hour, minute, second) - wallMs)
    .toSorted((a, b) => Math.abs(a) - Math.abs(b));
  return nearest;
};

const DE_7 = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

const ask = async (
  about: keyof typeof networkManagement,
  { books, clock, log, config }: UplinkParts,
  conversation: Conversation,
): Promise<void> => {
  const code = networkManagement[about];
  const request = networkRequest(code, books.nextStan(), clock.wallMs(), config);
  const answer = await conversation.ask(request, { withinMs: config.answerWithinMs });
  if ('kind' in answer) {
    log.warn({ about, problem: answer.fault }, 'no answer to a network management message');
    return;
  }
  const response = text(answer, 39);
  if (response === '00') log.debug({ about }, 'the host answered');
  else log.warn({ about, code: response }, 'the host refused a network management message');
};

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
  // We send no local time: what stands there is the host's own.
  const aheadMs = aheadOf(`${text(answer, 13)}${text(answer, 12)}`, wallMs);
  return { milliseconds, ...(aheadMs === undefined ? {} : { aheadMs }) };
};

/**
 * DE 13 and 12 are MMDDhhmmss without a year, in a time zone that nobody tells: the nearest year is
 * meant, and within a day's hours only what is no whole quarter of one counts.
 */
const aheadOf = (told: string, wallMs: number): number | undefined => {
  const [, month, day, hour, minute, second] = (LOCAL_TIME.exec(told) ?? []).map(Number);
  if (month === undefined) return undefined;
  const year = new Date(wallMs).getUTCFullYear();
  const [ahead = 0] = [year - 1, year, year + 1]
    .map((one) => Date.UTC(one, month - 1, day, hour, minute, second) - wallMs)
    .toSorted((a, b) => Math.abs(a) - Math.abs(b));
  if (Math.abs(ahead) > FARTHEST_ZONE_MS) return ahead;
  return ahead - Math.round(ahead / QUARTER_MS) * QUARTER_MS;
};

const LOCAL_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;
const QUARTER_MS = 900_000;
const FARTHEST_ZONE_MS = 14.25 * 3_600_000;

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

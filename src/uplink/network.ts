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
import type { Conversation } from './conversation.ts';
import { networkManagement, networkRequest } from './requests.ts';
import type { UplinkParts } from './types.ts';

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

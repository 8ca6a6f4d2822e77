import {
  EMPTY,
  exhaustMap,
  ignoreElements,
  type Observable,
  startWith,
  switchMap,
  timer,
} from 'rxjs';
import { text } from '#iso8583/index.ts';
import type { Conversation } from './conversation.ts';
import { echoRequest } from './requests.ts';
import type { UplinkParts } from './types.ts';

/**
 * Asks the host for a sign of life whenever no message went either way for a while, so that a
 * connection that is dead without saying so is found before a shopper is.
 */
export const echoWhenIdle = (parts: UplinkParts, conversation: Conversation): Observable<never> => {
  const { link, clock, log, config, nextStan } = parts;
  const echo = async (): Promise<void> => {
    const request = echoRequest(nextStan(), clock.wallMs());
    const answer = await conversation.ask(request, { withinMs: config.answerWithinMs });
    if ('fault' in answer) log.warn({ problem: answer.fault }, 'no answer to an echo');
    else log.debug({ code: text(answer, 39) }, 'the host answered an echo');
  };
  const idle$ = conversation.traffic$.pipe(
    startWith(undefined),
    switchMap(() => timer(config.echoAfterMs, config.echoAfterMs, clock.scheduler)),
  );
  return link.state$.pipe(
    switchMap((state) => (state.link === 'down' ? EMPTY : idle$)),
    exhaustMap(echo),
    ignoreElements(),
  );
};

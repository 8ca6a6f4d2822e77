import {
  BehaviorSubject,
  combineLatest,
  filter,
  firstValueFrom,
  ignoreElements,
  map,
  merge,
  type Observable,
  ReplaySubject,
  race,
  share,
  timer,
} from 'rxjs';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { describe, type Message } from '#iso8583/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import { readAnswer } from './answers.ts';
import { type Conversation, createConversation } from './conversation.ts';
import { echoWhenIdle } from './echo.ts';
import { createLatestApproval, type LatestApproval } from './latest-approval.ts';
import { authorisationRequest, identityOf, reversalReason, reversalRequest } from './requests.ts';
import { createReversals, type Reversals } from './reversals.ts';
import type { Authorisation, Payment, Uplink, UplinkParts, UplinkState } from './types.ts';

/** An uplink over a link that its owner opens and closes. */
export const createUplink = (parts: UplinkParts): Uplink => {
  const conversation = createConversation(parts);
  const reversals = createReversals(parts, conversation);
  const latest = createLatestApproval(parts, reversals);
  const asking = new BehaviorSubject(0);
  return {
    authorise: async (payment, signal) => {
      asking.next(asking.value + 1);
      try {
        return await authorise(payment, signal, parts, { conversation, reversals, latest });
      } finally {
        asking.next(asking.value - 1);
      }
    },
    prepare: reversals.tryNow,
    takeBack: latest.takeBack,
    settled: async (withinMs) => {
      const startedMs = parts.clock.monotonicMs();
      // A payment that is being asked may leave a reversal behind.
      const quiet$ = asking.pipe(filter((count) => count === 0));
      await firstValueFrom(race(quiet$, timer(withinMs, parts.clock.scheduler)));
      const leftMs = withinMs - (parts.clock.monotonicMs() - startedMs);
      return asking.value === 0 && reversals.settled(Math.max(0, leftMs));
    },
    state$: stateAndWork(parts, conversation, reversals),
  };
};

interface Work {
  readonly conversation: Conversation;
  readonly reversals: Reversals;
  readonly latest: LatestApproval;
}

const stateAndWork = (
  parts: UplinkParts,
  conversation: Conversation,
  reversals: Reversals,
): Observable<UplinkState> =>
  merge(
    // First, so that it sees a message before whoever waits for it has stopped waiting.
    conversation.strays$.pipe(ignoreElements()),
    combineLatest([parts.link.state$, conversation.hostAnswers$, reversals.open$]).pipe(
      map(([link, hostAnswers, openReversals]) => ({ link, hostAnswers, openReversals })),
    ),
    reversals.delivery$,
    echoWhenIdle(parts, conversation),
  ).pipe(share({ connector: () => new ReplaySubject<UplinkState>(1) }));

const authorise = async (
  payment: Payment,
  signal: AbortSignal,
  parts: UplinkParts,
  { conversation, reversals, latest }: Work,
): Promise<Authorisation> => {
  const { clock, log, config, nextStan } = parts;
  latest.forget();
  // No new payment overtakes a reversal: the host would hold two open for one terminal.
  if (!(await reversals.settled(config.reversalsWithinMs, signal)) && !signal.aborted) {
    return fault('timeout', 'the host has not acknowledged the reversal of an earlier payment');
  }
  const identity = identityOf(payment.localTime, nextStan(), clock.wallMs());
  const request = authorisationRequest(payment, identity, config);
  if (isMalformed(request)) return fault('protocol', `not sent: ${describeMalformed(request)}`);
  log.info({ payment: payment.id, stan: identity.stan, ...amountOf(payment) }, 'host asked');
  log.debug({ payment: payment.id, message: describe(request) }, 'authorisation request');
  const startedMs = clock.monotonicMs();
  const answer = await conversation.ask(request, { withinMs: config.answerWithinMs, signal });
  const milliseconds = Math.round(clock.monotonicMs() - startedMs);
  const outcome = 'mti' in answer ? readAnswer(request, answer, milliseconds) : answer.fault;
  const reason = whyReverse(outcome, 'mti' in answer || answer.mayHaveArrived);
  if (reason !== undefined) reversals.add(reversalRequest(request, reason, clock.wallMs()));
  latest.keep(request, outcome);
  logOutcome(outcome, answer, { payment: payment.id, stan: identity.stan, milliseconds }, parts);
  return outcome;
};

/**
 * What the host approved, or may have approved, and we can't complete is taken back; a decline
 * never is. A partial approval (10) is one that we didn't ask for and can't use.
 */
const whyReverse = (outcome: Authorisation, mayHaveArrived: boolean) => {
  if (!isFault(outcome))
    return outcome.responseCode === '10' ? reversalReason.cancelled : undefined;
  if (!mayHaveArrived) return undefined;
  return outcome.fault === 'aborted' ? reversalReason.cancelled : reversalReason.noAnswer;
};

const amountOf = ({ amountMinor, currencyNumeric }: Payment) => ({ amountMinor, currencyNumeric });

const logOutcome = (
  outcome: Authorisation,
  answer: Message | { readonly fault: Fault },
  about: Readonly<Record<string, unknown>>,
  { log }: UplinkParts,
): void => {
  if (isFault(outcome)) {
    log.warn({ ...about, fault: outcome.fault, detail: outcome.detail }, 'no answer from the host');
    return;
  }
  const { approved, responseCode, meaning } = outcome;
  log.info({ ...about, approved, responseCode, meaning }, 'host answered');
  if ('mti' in answer) log.debug({ ...about, message: describe(answer) }, 'authorisation answer');
};

import { firstValueFrom, timer } from 'rxjs';
import { concat } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import { accountIn, offlineRefusal, protect } from '#payment/index.ts';
import type { Screen } from '#ports/customer-display.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import type { Answered, Kernel, Payment, Unanswered } from '#uplink/index.ts';
import { finish } from './after-host.ts';
import { describeCard } from './card-summary.ts';
import { presentAgain } from './card-waiting.ts';
import { tokenOf } from './clearance.ts';
import {
  type Course,
  type Decision,
  isRefund,
  type Next,
  over,
  type PaymentContext,
  takenBack,
  transactionType,
} from './course.ts';

/** What the reader does with a Final Outcome. Book A 6.3 */
export const follow = async (
  course: Course,
  end: ActivationEnd,
  outcome: Outcome,
): Promise<Next> => {
  const { emit, parts } = course.context;
  const second = course.answer !== undefined;
  emit({ event: 'outcome', outcome: outcome.outcome, why: outcome.why });
  course.known = {
    ...course.known,
    outcome: outcome.outcome,
    // What the first tap wants still counts where a second one has no preference.
    cvm: second && outcome.cvm === 'none' ? (course.known.cvm ?? 'none') : outcome.cvm,
    ...describeCard(end),
  };
  // The card's part is over, unless it is wanted again; a hold time that runs is not cut short.
  if (outcome.fieldOffMs === null && !staysPowered(outcome)) await parts.reader.fieldOff(0);
  if (isRefund(course) && !second && pays(course, outcome)) return authorise(course, end, outcome);
  switch (outcome.outcome) {
    case 'onlineRequest':
      return second ? finish(course) : authorise(course, end, outcome);
    case 'approved':
      // After the host's approval the kernel's second answer only confirms it.
      return second ? finish(course) : approvedByKernel(course, end, outcome);
    case 'endApplication':
      if (outcome.start !== 'none') return presentAgain(course, outcome.start);
      return second ? finish(course) : { step: 'anotherCard' };
    case 'tryAnotherInterface':
      await noteToken(course, outcome);
      return refused(course, outcome, 'insertCard');
    default:
      await noteToken(course, outcome);
      return refused(course, outcome, 'declined');
  }
};

// A card that doesn't pay is still the one that it is.
const noteToken = async (course: Course, { dataRecord }: Outcome): Promise<void> => {
  const account = accountIn(dataOf(dataRecord));
  if (account === undefined || course.account !== undefined) return;
  course.known = { ...course.known, ...(await tokenOf(course, account)) };
};

/** Whether the card gave what a payment can be made of: its account, and no more to ask of it. */
export const pays = (course: Course, outcome: Outcome): boolean =>
  hasAccount(outcome) && (isRefund(course) || outcome.outcome !== 'declined');

const hasAccount = ({ outcome, dataRecord }: Outcome): boolean =>
  ['approved', 'declined', 'onlineRequest'].includes(outcome) &&
  accountIn(dataOf(dataRecord)) !== undefined;

// A refusal at the second tap overrules the host's approval, which is taken back. Book A 6.3.10
// Where the host refused, too, its word is the result.
const refused = (course: Course, outcome: Outcome, screen: Screen): Decision => {
  if (course.answer === undefined) return over('declined', whyOf(outcome), screen);
  return course.answer.approved
    ? takenBack('declined', whyOf(outcome), 'cardDeclined', 'notCompleted')
    : finish(course);
};

// Start D, "present and hold": the card stays in the field while the host is asked. Book A 6.3
const staysPowered = ({ outcome, start }: Outcome): boolean =>
  (outcome === 'endApplication' && start !== 'none') ||
  (outcome === 'onlineRequest' && start === 'D');

const authorise = async (course: Course, end: ActivationEnd, outcome: Outcome): Promise<Next> => {
  const next = await askHost(course, end, outcome);
  if (next.step === 'ended' && staysPowered(outcome)) {
    await course.context.parts.reader.fieldOff(0);
  }
  return next;
};

const askHost = async (course: Course, end: ActivationEnd, outcome: Outcome): Promise<Next> => {
  const { context } = course;
  const payment = await paymentOf(course, end, outcome);
  if (isFault(payment)) return over('declined', payment.detail);
  context.emit({ event: 'authorising' });
  const removal = removalTimeout(context, outcome);
  const authorisation = await context.parts.uplink.authorise(payment, context.signal);
  removal?.unsubscribe();
  course.record = authorisation.record;
  return authorisation.outcome.kind === 'unanswered'
    ? withoutAnswer(course, authorisation.outcome, payment)
    : afterHost(course, outcome, authorisation.outcome);
};

// The account number is sealed before anything else is done with what the kernel handed over.
const paymentOf = async (
  course: Course,
  end: ActivationEnd,
  { dataRecord, outcome }: Outcome,
): Promise<Payment | Fault> => {
  const { context, record } = course;
  const data = dataOf(dataRecord);
  const account = accountIn(data);
  if (account === undefined) {
    return { fault: 'protocol', detail: 'the card gave no account number' };
  }
  const sealed = await protect(account, record.id, context.parts.keys);
  if (isFault(sealed)) return sealed;
  course.account = sealed;
  return {
    record: { ...record, card: { ...course.record.card, ...cardOf(course) } },
    transactionType: transactionType(context),
    localTime: course.time,
    sealed: sealed.sealed,
    tap: {
      kernel: `K${Number(end.selected?.combination.kernelId ?? '0')}` as Kernel,
      data,
      // What a refund's AAC covers is nothing that a host could verify.
      cryptogram: !isRefund(course) || outcome === 'onlineRequest',
    },
  };
};

/** A kernel's data record by tag. */
export const dataOf = (dataRecord: Outcome['dataRecord']): ReadonlyMap<number, Uint8Array> =>
  new Map(dataRecord.map(({ tag, value }) => [tag, value]));

const cardOf = ({ known: { scheme, application }, account }: Course) => ({
  ...(scheme === undefined ? {} : { scheme }),
  ...(application === undefined ? {} : { application }),
  ...(account === undefined ? {} : { maskedPan: account.maskedPan, token: account.token }),
});

const approvedByKernel = async (
  course: Course,
  end: ActivationEnd,
  outcome: Outcome,
): Promise<Decision> => {
  const payment = await paymentOf(course, end, outcome);
  if (isFault(payment)) return over('declined', payment.detail);
  return offline(course, 'kernel', payment);
};

/** Approved without the host if the shop's rules allow; a refusal says why. */
const offline = async (
  course: Course,
  why: 'kernel' | 'deferred',
  payment: Payment,
): Promise<Decision> => {
  const { books, settings } = course.context.parts;
  const refusal = offlineRefusal(
    settings.offline,
    why,
    payment.record,
    await firstValueFrom(books.open$),
  );
  if (refusal !== undefined) return over('declined', refusal);
  if (course.context.request.forceOnline === true) {
    return over('declined', 'the till wants the host asked, and it was not');
  }
  const screen = course.known.cvm === 'obtainSignature' ? 'approvedSign' : 'approved';
  const reason = WITHOUT_HOST[why];
  return {
    step: 'ended',
    status: 'approved',
    reason,
    screen,
    how: { event: 'acceptedOffline', why, payment },
  };
};

const WITHOUT_HOST = {
  kernel: 'approved by card and terminal; the host will be told',
  deferred: 'approved by the shop; the host will be asked later',
} as const;

// A host that takes longer than the Removal Timeout lets the card go meanwhile. Book A 6.2
const removalTimeout = ({ parts, emit }: PaymentContext, { removalTimeoutMs }: Outcome) =>
  removalTimeoutMs === 0
    ? undefined
    : timer(removalTimeoutMs, parts.clock.scheduler).subscribe(() =>
        emit({ event: 'ui', ui: uiRequest('17', 'cardReadSuccessfully') }),
      );

// Unable to go online: no cryptogram was verified. Book A 6.3.7. Where the host may have booked it
// all the same it is taken back; where it has heard nothing, the shop may take the risk.
const withoutAnswer = async (
  course: Course,
  { fault, mayHaveArrived }: Unanswered,
  payment: Payment,
): Promise<Decision> => {
  const status = fault.fault === 'aborted' ? 'cancelled' : 'declined';
  const reason = status === 'cancelled' ? 'cancelled' : `unable to go online: ${fault.detail}`;
  if (mayHaveArrived) {
    return takenBack(
      status,
      `${reason}; what the host may have booked is being reversed`,
      status === 'cancelled' ? 'cancelled' : 'noAnswer',
      'notCompleted',
    );
  }
  if (fault.fault === 'linkDown' && course.context.parts.settings.offline.deferred) {
    return offline(course, 'deferred', { ...payment, record: course.record });
  }
  return over(status, reason);
};

const afterHost = (course: Course, outcome: Outcome, answer: Answered): Next => {
  course.answer = answer;
  const wanted =
    outcome.onlineResponseType === 'any' ||
    (outcome.onlineResponseType === 'emvData' && answer.issuerData !== undefined);
  if (outcome.start === 'none' || !wanted) return finish(course);
  const { first } = course;
  return {
    step: 'restart',
    activation: {
      ...first,
      start: outcome.start,
      ...(answer.issuerData ? { issuerData: answer.issuerData } : {}),
      onlineResponse: onlineResponse(answer),
    },
  };
};

// Authorisation Response Code (8A), and what the issuer sent. The kernels' books know fewer
// approvals than hosts: any other is 00 to them.
const onlineResponse = ({ approved, row, issuerData }: Answered): Uint8Array => {
  const code = approved && !APPROVALS.has(row.code) ? '00' : row.code;
  const told = encodeTlv(tag.authorisationResponseCode, new TextEncoder().encode(code));
  return issuerData === undefined ? told : concat(told, issuerData);
};

const APPROVALS: ReadonlySet<string> = new Set(['00', '08', '10', '11']);

const whyOf = (outcome: Outcome): string =>
  outcome.why.at(-1)?.why ?? `the card and this terminal ended with ${outcome.outcome}`;

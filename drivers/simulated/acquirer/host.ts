import type { Message } from '#iso8583/index.ts';
import { decideAdvice } from './advices.ts';
import { answerBalanceInquiry, isBalanceInquiry } from './balances.ts';
import { type HostParts, hostDefaults } from './host-parts.ts';
import { answerNetworkManagement } from './network.ts';
import { answerPayment, decideRequest } from './payments.ts';
import { answerReconciliation } from './reconciliation.ts';
import { answerReversal } from './reversals.ts';

export {
  type HostParts,
  type HostProfile,
  hostDefaults,
  type VerifyCryptogram,
} from './host-parts.ts';

/**
 * Answers one canonical message (MTI and data elements of ISO 8583:1987); undefined when it is none
 * that a host answers.
 */
export type Host = (request: Message) => Promise<Message | undefined>;

/**
 * The host's side of a conversation. What it answers is in the ledger before the answer is made,
 * and requests take turns, so that a payment asked for twice is booked once. No clock, timer or
 * chance of its own: given the same ledger, time and requests it answers the same.
 */
export const createHost = ({
  profile = hostDefaults,
  ...others
}: Omit<HostParts, 'profile'> & Partial<Pick<HostParts, 'profile'>>): Host => {
  const parts: HostParts = { ...others, profile };
  let turn: Promise<unknown> = Promise.resolve();
  return (request) => {
    const answer = turn.then(() => respond(request, parts));
    turn = answer.catch(() => undefined);
    return answer;
  };
};

// The MTI's last digit only says who sends it, and whether again.
const respond = async (request: Message, parts: HostParts): Promise<Message | undefined> => {
  switch (request.mti.slice(0, 3)) {
    case '010':
    case '020':
      return isBalanceInquiry(request)
        ? answerBalanceInquiry(request, parts)
        : answerPayment(request, parts, decideRequest);
    case '012':
    case '022':
      return answerPayment(request, parts, decideAdvice);
    case '040':
    case '042':
      return answerReversal(request, parts);
    case '050':
    case '052':
      return answerReconciliation(request, parts);
    case '080':
      return answerNetworkManagement(request, parts);
    default:
      return undefined;
  }
};

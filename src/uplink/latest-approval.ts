import { type Message, text } from '#iso8583/index.ts';
import { isFault } from '#ports/fault.ts';
import { reversalReason, reversalRequest } from './requests.ts';
import type { Reversals } from './reversals.ts';
import type { Answered, Authorisation, UplinkParts } from './types.ts';

/** The latest approval, for as long as the terminal may find that it can't complete it. */
export interface LatestApproval {
  /** A new payment is asked for: the one before stands. */
  forget(): void;
  keep(request: Message, outcome: Authorisation): void;
  takeBack(answered: Answered): void;
}

export const createLatestApproval = (
  { clock, log }: UplinkParts,
  reversals: Reversals,
): LatestApproval => {
  // The reversal, not the request: track 2 and DE 55 may not outlive the authorisation (PCI DSS).
  let undo: Message | undefined;
  return {
    forget: () => {
      undo = undefined;
    },
    keep: (request, outcome) => {
      if (isFault(outcome) || !outcome.approved) return;
      undo = reversalRequest(request, reversalReason.cancelled, clock.wallMs());
    },
    takeBack: (answered) => {
      if (!answered.approved) return;
      const about = { stan: answered.stan, retrievalReference: answered.retrievalReference };
      if (undo === undefined || !isOf(answered, undo)) {
        log.warn(about, 'no approval to take back: taken back before, or not the latest');
        return;
      }
      log.info(about, 'the terminal takes an approval back');
      reversals.add(undo);
      undo = undefined;
    },
  };
};

const isOf = ({ stan, retrievalReference }: Answered, undo: Message): boolean =>
  text(undo, 11) === stan && text(undo, 37) === retrievalReference;

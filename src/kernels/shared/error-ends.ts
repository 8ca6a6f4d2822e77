import { type ErrorIndication, l1 } from './error-indication.ts';
import { type Outcome, outcome, type Reason, reason } from './outcome.ts';
import type { CardFault } from './step.ts';
import type { MessageId, UiRequest, UiStatus } from './ui-request.ts';

/** What one kernel makes its ends of. */
interface EndParts<Run, Level2 extends string> {
  /** Level 2 errors by name. */
  readonly l2: Readonly<Record<Level2, number>>;
  message(run: Run, id: MessageId, status: UiStatus, holdMs?: number): UiRequest;
  messageHoldMs(run: Run): number;
  /** What every outcome of the kernel carries. */
  closing(run: Run, ...why: readonly Reason[]): Partial<Outcome>;
}

/** The ends of kernels 2 and 8, which keep an Error Indication, when card or link fail. */
export const errorEnds = <Run extends { readonly error: ErrorIndication }, L2 extends string>({
  l2,
  message,
  messageHoldMs,
  closing,
}: EndParts<Run, L2>) => ({
  /** Every error of card data: "insert, swipe or try another card". C-2 6.5 ff.; C-8 S20 ff. */
  endWithError: (run: Run, error: L2, why: Reason): Outcome => {
    run.error.l2 = l2[error];
    run.error.messageOnError = '1C';
    return outcome('endApplication', {
      uiOnOutcome: message(run, '1C', 'notReady', messageHoldMs(run)),
      ...closing(run, why),
    });
  },
  /** Silent or torn away while being read: present it again. C-2 S4, S9; C-8 S21, S22, S26 */
  retry: (run: Run, fault: CardFault, where: string): Outcome => {
    run.error.l1 = l1[fault];
    run.error.messageOnError = '21';
    return outcome('endApplication', {
      start: 'B',
      uiOnRestart: message(run, '21', 'readyToRead'),
      ...closing(run, reason(`${where}: ${fault}`)),
    });
  },
  /** A Level 1 error on GPO: Entry Point tries again by itself. C-2 S3; C-8 S20 */
  tryAgain: (run: Run, fault: CardFault): Outcome => {
    run.error.l1 = l1[fault];
    run.error.messageOnError = 'FF';
    return outcome('tryAgain', { start: 'B', ...closing(run, reason(`GPO: ${fault}`)) });
  },
  /** This application won't do; the next candidate may. C-2 S1, S3, S456; C-8 S1, S2, S20 */
  selectNext: (run: Run, error: L2, why: Reason): Outcome => {
    run.error.l2 = l2[error];
    run.error.messageOnError = 'FF';
    return outcome('selectNext', { start: 'C', ...closing(run, why), fieldOffMs: null });
  },
});

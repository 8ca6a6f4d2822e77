import { isFault } from '#ports/fault.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import { pause, within } from './ask.ts';
import type { Paid, WalletsParts } from './types.ts';

/**
 * Closes an order while till and shopper wait. "closed" is the host's proof that nothing was taken
 * or that it went back; an order that can't be closed any more as it is paid gives that; undefined
 * when the host has not said within the time.
 */
export const closeOrder = async (
  host: WalletHost,
  orderId: string,
  { clock, log, config }: WalletsParts,
): Promise<'closed' | Paid | undefined> => {
  const untilMs = clock.monotonicMs() + config.closeWithinMs;
  for (let times = 1; ; times++) {
    const leftMs = untilMs - clock.monotonicMs();
    if (leftMs <= 0) return undefined;
    const deadlineMs = Math.min(config.answerWithinMs, leftMs);
    const answer = await within(clock, deadlineMs, (ms) => host.cancel(orderId, ms));
    if (isFault(answer)) log.warn({ orderId, problem: answer }, 'the order is not closed yet');
    else if (answer.status !== 'refused') return 'closed';
    else {
      const known = await within(clock, deadlineMs, (ms) => host.query(orderId, ms));
      if (!isFault(known)) {
        if (known.status === 'paid') return known;
        if (known.status !== 'waiting') return 'closed';
      }
    }
    await pause(clock, Math.min(AGAIN_MS * times, Math.max(0, untilMs - clock.monotonicMs())));
  }
};

const AGAIN_MS = 1_000;

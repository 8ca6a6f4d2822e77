import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { Step } from '#kernels/shared/step.ts';

/** The same step; what it asks is written down as it asks. */
export function* noted<Result>(step: Step<Result>, order: string[]): Step<Result> {
  let next = step.next();
  while (next.done !== true) {
    const ask = next.value;
    if (ask.ask === 'exchange') order.push(`exchange ${toHex(ask.command.subarray(1, 2))}`);
    else if (ask.ask === 'clearance') {
      const account = ask.card.known(tag.applicationPan) ?? new Uint8Array();
      order.push(`clearance ${ask.card.kernelId} ${toHex(account)}`);
    } else order.push(ask.ask);
    next = step.next(yield ask);
  }
  return next.value;
}

import * as v from 'valibot';
import { LARGEST_AMOUNT } from '#data/amount.ts';
import { currencyByNumeric } from '#data/currencies.ts';
import type { PresentationOptions } from '#drivers/simulated/index.ts';
import type { ControlHandler, ControlLine } from '#ports/control.ts';
import type { Terminal, TerminalEvent } from '#terminal/types.ts';

const request = v.variant('op', [
  v.strictObject({ op: v.literal('status') }),
  v.strictObject({ op: v.literal('cancel'), transactionId: v.optional(v.string()) }),
  v.strictObject({
    op: v.literal('sale'),
    amountMinor: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_AMOUNT)),
    currency: v.pipe(
      v.number(),
      v.check((numeric) => currencyByNumeric(numeric) !== undefined, 'a currency we know'),
    ),
  }),
  v.strictObject({
    op: v.literal('tap'),
    card: v.string(),
    holdMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    tearAfter: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
]);

export interface ControlParts {
  readonly terminal: Terminal;
  /** What `status` tells beside the terminal's own. */
  readonly about: () => ControlLine;
  /** Holds an emulated card to the in-process reader; undefined where the reader is a real one. */
  readonly tap?: (card: string, options: PresentationOptions) => Promise<ControlLine>;
}

/** What the control socket can be asked. Each answer's last line is the result. */
export const controlService =
  ({ terminal, about, tap }: ControlParts): ControlHandler =>
  async (line, reply, signal) => {
    const parsed = v.safeParse(request, line);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      reply({
        error: `no request this terminal knows: ${v.getDotPath(issue) ?? 'op'}: ${issue.message}`,
      });
      return;
    }
    const asked = parsed.output;
    switch (asked.op) {
      case 'status':
        reply({ ...terminal.status(), ...about() });
        return;
      case 'cancel':
        reply({ cancelled: terminal.cancel(asked.transactionId) });
        return;
      case 'sale': {
        const { amountMinor, currency } = asked;
        const tell = (event: TerminalEvent) =>
          reply({
            event: event.event,
            ...(event.event === 'saleStarted' ? { transactionId: event.transactionId } : {}),
          });
        const { reader, readerPresent } = terminal.status();
        if (!readerPresent) reply({ event: 'noReader', detail: reader });
        reply({ result: await terminal.sale({ amountMinor, currency }, signal, tell) });
        return;
      }
      case 'tap': {
        const { card, holdMs, tearAfter } = asked;
        if (tap === undefined) {
          reply({ error: 'this terminal has no in-process reader' });
          return;
        }
        reply(
          await tap(card, {
            signal,
            ...(holdMs === undefined ? {} : { holdMs }),
            ...(tearAfter === undefined ? {} : { tearAfter }),
          }),
        );
      }
    }
  };

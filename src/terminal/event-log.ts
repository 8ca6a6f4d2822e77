import type { Log } from '#ports/log.ts';
import type { SaleResult, TerminalEvent } from './types.ts';

/** One line a step, with the transaction's id. Events hold account numbers masked only. */
export const logEvent = (
  log: Log,
  event: TerminalEvent,
  transactionId: string | undefined,
): void => {
  const id = transactionId === undefined ? {} : { transactionId };
  switch (event.event) {
    case 'reader':
      if (event.present) log.info({ reader: event.detail }, 'reader is there');
      else log.warn({ why: event.detail }, 'no reader');
      return;
    case 'acceptance': {
      const { off, plasticOnly } = event.acceptance;
      const by = off?.by === undefined ? {} : { decision: off.by.id };
      log.info({ contactless: off === undefined, ...by, plasticOnly }, 'what the shop takes');
      return;
    }
    case 'idle':
    case 'texts':
      log.debug(id, event.event === 'idle' ? 'idle' : 'the shop has other words');
      return;
    case 'refused':
      log.debug({ ...id, because: event.refusal.because }, 'the card is refused');
      return;
    case 'saleStarted':
      log.info({ ...id, ...event.request }, 'sale started');
      return;
    case 'amount':
      log.info({ ...id, ...amountOf(event) }, 'the amount is another one now');
      return;
    case 'acquisitionStarted':
      log.info({ ...id, ...event.request }, 'a card is to be read');
      return;
    case 'acquisitionEnded':
      log.info({ ...event.result }, 'no card is read any more');
      return;
    case 'ui':
      log.debug({ ...id, messageId: event.ui.messageId, status: event.ui.status }, 'display');
      return;
    case 'cardRead':
      log.info({ ...id, ...event.times }, 'card read');
      return;
    case 'outcome':
      log.info({ ...id, outcome: event.outcome, why: event.why }, 'outcome');
      return;
    case 'choices':
      log.debug({ ...id, tap: event.tap, wallets: event.wallets.length }, 'choices');
      return;
    case 'code':
      log.info({ ...id, ...codeOf(event) }, 'by code');
      return;
    case 'scan': {
      const { event: _, ...scan } = event;
      if (scan.became === 'taken') log.info({ ...id, ...scan }, 'a code was scanned');
      else log.warn({ ...id, ...scan }, 'a code was scanned, and not taken');
      return;
    }
    case 'question':
    case 'questionEnded':
    case 'notice':
      logAsked(log, id, event);
      return;
    case 'authorising':
      log.info(id, 'asking the host');
      return;
    case 'saleEnded':
      log.info(endOf(event.result), 'sale ended');
      return;
  }
};

// Neither what the till says nor what the shopper answers.
const logAsked = (
  log: Log,
  id: object,
  event: Extract<TerminalEvent, { event: 'question' | 'questionEnded' | 'notice' }>,
): void => {
  if (event.event === 'notice') {
    log.debug({ ...id, shown: event.notice !== undefined }, 'a text for the shopper');
  } else if (event.event === 'question') {
    log.info({ ...id, kind: event.question.ask.kind }, 'the shopper is asked');
  } else {
    log.info({ ...id, kind: event.kind, how: event.how }, 'the question is over');
  }
};

type EventOf<Name extends TerminalEvent['event']> = Extract<TerminalEvent, { event: Name }>;

const amountOf = ({ event, ...amount }: EventOf<'amount'>) => amount;

const codeOf = ({ screen, wallet }: EventOf<'code'>) => ({
  screen,
  ...(wallet === undefined ? {} : { wallet }),
});

const endOf = ({ tap, ...result }: SaleResult) => ({
  ...result,
  ...(tap ? { tapMs: tap.totalMs, ownMs: tap.ownMs } : {}),
});

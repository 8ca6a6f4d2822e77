import { inspect } from 'node:util';
import { explainTlvs } from '#data/explain/index.ts';
import { maskCommand, maskResponse, maskTlvs } from '#data/mask.ts';
import type { SaleRequest, SaleResult } from '#terminal/types.ts';
import { colourless, textOf } from '../../../src/cli/explain-text.ts';
import { type CardKind, cardOf, misbehaving, type TestCard, wrongAnswers } from './cards.ts';
import type { HostWhim } from './host.ts';
import type { TestAccount } from './numbers.ts';
import type { Shop } from './shop.ts';

/** One way that an account number takes through the terminal. */
export interface Path {
  readonly name: string;
  readonly request?: Partial<SaleRequest>;
  readonly kind?: CardKind;
  readonly whim?: HostWhim;
  readonly card?: (card: TestCard, serial: number) => TestCard;
  /** What is done about the payment once it has ended. */
  readonly after?: (shop: Shop, result: SaleResult) => Promise<unknown>;
  /** The cashier cancels while the host is asked. */
  readonly cancelled?: boolean;
}

export interface Taking {
  readonly shop: Shop;
  readonly path: Path;
  readonly account: TestAccount;
  readonly serial: number;
  readonly made: (card: TestCard) => void;
  /** The request is about to go to the host. */
  readonly asking: () => unknown;
}

/** The number's way, to its end. Resolves to how the payment ended. */
export const take = async ({
  shop,
  path: { request, kind, whim, card, after, cancelled },
  ...taking
}: Taking): Promise<SaleResult> => {
  const { account, serial, made, asking } = taking;
  const usual = serial % 2 === 0 ? 'visa-plastic' : 'mastercard-phone';
  const plain = cardOf(kind ?? usual, account, serial);
  made(plain);
  const right = overheard(plain, shop.said);
  shop.host.whim = whim;
  if (whim === 'absent') {
    await settled(shop);
    shop.host.leave();
  }
  const result = await shopper(
    shop,
    card?.(right, serial) ?? right,
    { amountMinor: 1250, currency: 840, tillId: `T-${serial}`, ...request },
    () => {
      asking();
      if (cancelled) shop.terminal.cancel();
    },
  );
  shop.said.push(inspect(result, { depth: 9 }), JSON.stringify(result));
  shop.host.come();
  const more = await after?.(shop, result);
  if (more !== undefined) shop.said.push(inspect(more, { depth: 9 }));
  return result;
};

// What a technician's tools say of the card's own words.
const overheard = (card: TestCard, said: string[]): TestCard => ({
  ...card,
  respond: (command) => {
    const answer = card.respond(command);
    if (typeof answer === 'string') return answer;
    const explained = explainTlvs(answer.subarray(0, -2), {});
    said.push(textOf(explained, { all: true, style: colourless }));
    said.push(maskResponse(answer), maskCommand(command), maskTlvs(answer.subarray(3)));
    return answer;
  },
});

const shopper = async (
  { terminal, reader }: Shop,
  card: TestCard,
  request: SaleRequest,
  asking: () => void,
): Promise<SaleResult> => {
  let again = 0;
  reader.place(card);
  const result = await terminal.sale(request, NEVER, (event) => {
    if (event.event === 'authorising') setImmediate(asking);
    if (event.event !== 'ui' || event.ui.messageId !== '21') return;
    // "Try again": away with it, and once more.
    reader.remove();
    again += 1;
    if (again > MOST_TRIES) terminal.cancel();
    else setImmediate(() => reader.place(card));
  });
  reader.remove();
  return result;
};

// A payment is put off only where nothing is owed from before.
const settled = async ({ terminal }: Shop): Promise<void> => {
  for (let wait = 0; terminal.status().openReversals > 0 && wait < 200; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

const MOST_TRIES = 2;
const NEVER = new AbortController().signal;

const about = (request: Partial<SaleRequest>, name: string): Path => ({ name, request });
const refund = (shop: Shop, { transactionId, amountMinor }: SaleResult) =>
  shop.terminal.sale(
    { kind: 'refund', original: transactionId, amountMinor, currency: 840 },
    NEVER,
  );

/** Ways that take no time. */
export const quickPaths: readonly Path[] = [
  about({}, 'approved'),
  about({ amountMinor: 6651 }, 'declined: no money'),
  about({ amountMinor: 6604 }, 'declined: keep the card'),
  about({ amountMinor: 6610, partial: true }, 'approved in part'),
  about({ amountMinor: 6672 }, 'approved with issuer scripts'),
  about({ amountMinor: 6601 }, 'referred to the issuer'),
  about({ amountMinor: 6696 }, 'the host is out of order'),
  about({ kind: 'refund' }, 'refund with the card'),
  {
    name: 'approved, and void',
    after: (shop, { transactionId }) => shop.terminal.void(transactionId),
  },
  { name: 'approved, and refund by reference', after: refund },
  { name: 'pre-authorisation', request: { kind: 'preAuthorisation' } },
  {
    name: 'pre-authorisation and completion',
    request: { kind: 'preAuthorisation' },
    after: (shop, { transactionId, amountMinor }) =>
      shop.terminal.complete({ original: transactionId, amountMinor: amountMinor - 1 }),
  },
  {
    name: 'asked again by the till',
    after: (shop, { tillId }) =>
      shop.terminal.sale({ amountMinor: 1250, currency: 840, tillId: tillId ?? '' }, NEVER),
  },
  {
    name: 'asked again by the till with another amount',
    after: (shop, { tillId }) =>
      shop.terminal.sale({ amountMinor: 1, currency: 840, tillId: tillId ?? '' }, NEVER),
  },
  { name: 'a host that repeats account data', whim: 'talks' },
  { name: 'a host that answers twice', whim: 'duplicate' },
  { name: 'a host that hangs up before it books', whim: 'drop-before-record' },
  { name: 'a host that hangs up after it booked', whim: 'drop-after-record' },
  { name: 'a host that is cut off in its answer', whim: 'half-sent' },
  { name: 'a host that approves another amount', whim: 'wrong-amount' },
  { name: 'a host that starts again', whim: 'restart' },
  { name: 'deferred: the host is absent', whim: 'absent' },
  { name: 'cancelled while the host is asked', whim: 'silent', cancelled: true },
  { name: 'approved by the card itself', kind: 'visa-plastic-offline' },
  {
    name: 'a card that answers wrongly',
    card: (card, serial) => {
      const wrong = wrongAnswers[Math.floor(serial / 7) % wrongAnswers.length] ?? (() => 'tear');
      return misbehaving(card, 1 + (serial % 7), wrong);
    },
  },
];

/** Ways on which something is waited for in vain. */
export const slowPaths: readonly Path[] = [
  { name: 'a host that says nothing', whim: 'silent' },
  { name: 'a host that answers late', whim: 'late' },
  { name: "a host that answers another's request", whim: 'wrong-id' },
  { name: 'a host that answers in another class', whim: 'wrong-mti' },
  { name: 'a host with a wrong MAC', whim: 'wrong-mac' },
  { name: 'a host whose answer is cut short', whim: 'malformed' },
  {
    name: 'a card that falls silent',
    card: (card, serial) => misbehaving(card, 3 + (serial % 3), () => 'mute'),
  },
];

/** The way of the number with this place in the row: every hundredth may take its time. */
export const pathOf = (serial: number): Path => {
  const slow =
    serial % 100 === 99 ? slowPaths[Math.floor(serial / 100) % slowPaths.length] : undefined;
  // Seven kinds of wrong answers, at seven commands: each way in turn meets all of them.
  const quick = quickPaths[serial % quickPaths.length];
  if (quick === undefined) throw new RangeError('no path');
  return slow ?? quick;
};

import { expect, it } from 'vitest';
import { type EventName, states, transitions } from '#payment/index.ts';

const EVENTS: Readonly<Record<EventName, string>> = {
  asked: 'the request is about to go to the host',
  closed: 'the wallet proved its order closed: the shopper pays another way',
  approved: 'the host approved',
  preAuthorised: 'the host holds the amount',
  declined: 'card, terminal or host declined',
  cancelled: 'by till, cashier or shopper, before the host had heard of it',
  timedOut: 'nobody presented a card, or a code was not used and its wallet has proved it',
  failed: 'a fault broke it off before the host had heard of it',
  acceptedOffline: "approved by the card, or by the shop's rule while the host is away",
  reversalOwed: 'no answer, cancelled, voided, refused by the card afterwards, or interrupted',
  reversalAcknowledged: 'the host has taken it off its books',
  forwarded: 'the host took what was approved without it',
  forwardRefused: 'the host did not take it',
  completed: 'the amount held was collected, by a payment of its own',
  collected: 'the host took its completion',
  reopened: 'the host refused its completion, or it was taken back',
  voidRefused: 'the host refuses the void: the payment stands',
  releaseRefused: 'the host refuses to let the amount go',
  refunded: 'a part or all of it was given back, by a payment of its own',
  reconciled: "our sums and the host's are the same, or a wallet's payment whose period ended",
  noted: 'staff have seen a refusal, or settled what has no end: `countertap note`',
};

const KEEPS = { track2: 'number and track 2', number: 'number', nothing: '' } as const;
const OWES = {
  answer: 'after a crash: to be taken back, or found out at its wallet',
  reversal: 'a reversal, repeated until the host acknowledges it',
  forward: 'to be forwarded, in order, repeated until the host answers',
  none: '',
} as const;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const entriesOf = <Row extends object>(rows: Row) => Object.entries(rows) as [string, unknown][];

const page = (): string => `# The states of a payment

Made from \`src/payment/states.ts\` by \`npx vitest run test/payment/states-page.test.ts -u\`; the
test fails when the two differ.

A payment by a wallet's code goes through the same states, with the wallet's host in the place of
the acquirer's: [Paying by code](paying-by-code.md) says what differs.

Each event is one entry of the journal, on the disk before it counts and before host, till or
shopper hear of what follows. What is not in the second table can't happen: the terminal refuses
it, or it is a bug of ours that throws before anything is written.

## States

"Owes" is what the terminal does by itself until the state is left, after a crash, too: while a
reversal is open no new request goes out. "Settled" payments are never touched again, and
retention may remove them. "Keeps" is the account data under seal that the state still needs; the
rest is erased in the write that leads into it.

${table(
  ['state', 'what it means', 'owes', 'settled', 'keeps'],
  Object.entries(states).map(([name, row]) => [
    `\`${name}\``,
    row.meaning,
    OWES[row.owes],
    row.settled ? 'yes' : '',
    KEEPS[row.keeps],
  ]),
)}

"new" is a payment of which nothing is written yet: a crash leaves nothing of it, at us or at the
host.

## What can happen

${table(
  ['in state', 'event', 'leads to'],
  Object.entries(transitions).flatMap(([from, events]) =>
    entriesOf(events).map(([event, to]) => [`\`${from}\``, `\`${event}\``, `\`${to}\``]),
  ),
)}

## Events

${table(
  ['event', 'what happened'],
  Object.entries(EVENTS).map(([event, words]) => [`\`${event}\``, words]),
)}
`;

it('the page of payment states says what the table says', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/payment-states.md');
});

it('every event of the page can happen in some state', () => {
  const possible = new Set(Object.values(transitions).flatMap((events) => Object.keys(events)));
  expect(Object.keys(EVENTS).sort()).toEqual([...possible].sort());
});

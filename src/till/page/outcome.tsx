import { useEffect, useRef } from 'preact/hooks';
import { isTillFault } from '../client/index.ts';
import type { TillFacts } from './facts.ts';
import { money, toMinor } from './money.ts';
import { NO_OPTIONS, type PayOptions, payOrder } from './orders.ts';
import { Paper } from './paper.tsx';
import { Rows } from './rows.tsx';
import { isApproved, type Sale, verdictOf } from './sale.ts';
import type { Till } from './use-till.ts';

interface OutcomeProps {
  readonly facts: TillFacts;
  readonly till: Till;
  readonly ended: Sale;
  /** How the payment was wanted. */
  readonly options: PayOptions;
  /** It was for the basket. */
  readonly due: boolean;
  readonly basketNumber: number;
  /** Minor units that are still to be paid: of the basket, or of a part that was approved. */
  readonly leftMinor: number;
  /** The basket is paid: a new one begins. */
  readonly onNew: () => void;
}

const SIGNS = {
  good: 'M22 50l18 18 34-38',
  bad: 'M28 28l40 40M68 28 28 68',
  warn: 'M48 22v34M48 70v2',
} as const;

export const Outcome = (props: OutcomeProps) => {
  const { facts, till, ended, due, leftMinor, onNew } = props;
  const { tone, title, reason } = verdictOf(ended);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const paid = isApproved(ended) && leftMinor <= 0;
  const next = () => {
    if (paid && due) onNew();
    till.clear();
  };
  const receipts = isTillFault(ended.outcome) ? [] : ended.outcome.receipts;
  return (
    <>
      <div class="outcome" data-tone={tone}>
        <svg class="sign" viewBox="0 0 96 96" aria-hidden="true">
          <circle cx="48" cy="48" r="44" />
          <path d={SIGNS[tone]} />
        </svg>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <p class="amount">{money(amountOf(ended, facts), facts.currency)}</p>
        {reason !== '' && <p class="reason">{reason}</p>}
        <Parts {...{ ended, facts }} />
        {isApproved(ended) && leftMinor > 0 && <Rest {...props} />}
        {!isApproved(ended) && due && <Alternatives {...props} />}
        <Paper receipts={receipts} open={paid} />
      </div>
      <div class="outcome-foot">
        <button
          type="button"
          class={`button button-large ${isApproved(ended) && !paid ? '' : 'button-primary'}`}
          onClick={next}
        >
          {paid || !due ? 'Next' : 'Back to the basket'}
        </button>
      </div>
    </>
  );
};

/** The shopper's card has paid a part: the rest is paid by another, or by a code. */
const Rest = ({ facts, till, ended, basketNumber, due, leftMinor }: OutcomeProps) => {
  const what = `Rest of ${ended.what}`;
  const basket = due ? basketNumber : undefined;
  const options = { ...NO_OPTIONS, hold: ended.kind === 'held' };
  const pay = (method: 'card' | 'code') =>
    void till.run(payOrder({ totalMinor: leftMinor, what, method, options, facts, basket }));
  return (
    <section class="alternatives" aria-label="The rest">
      <h3>{money(leftMinor, facts.currency)} left to pay</h3>
      <button type="button" class="button button-primary button-large" onClick={() => pay('card')}>
        Collect the rest by tap
      </button>
      {facts.wallets.length > 0 && (
        <button type="button" class="button button-large" onClick={() => pay('code')}>
          Collect the rest by code
        </button>
      )}
    </section>
  );
};

const amountOf = ({ outcome, amountMinor }: Sale, { currency }: TillFacts): number =>
  isTillFault(outcome) || outcome.amount === undefined
    ? amountMinor
    : toMinor(outcome.amount, currency);

// What a cashier has to know of a payment besides its amount.
const Parts = ({ ended, facts }: Pick<OutcomeProps, 'ended' | 'facts'>) => {
  const { outcome } = ended;
  if (isTillFault(outcome)) return null;
  const amount = (main: number | undefined) =>
    main === undefined ? undefined : money(toMinor(main, facts.currency), facts.currency);
  const rows = [
    ['Tip', amount(outcome.tip)],
    ['Cashback', amount(outcome.cashback)],
    ['Card', [brandWords(outcome.brand), outcome.maskedPan].filter(Boolean).join(' ') || undefined],
    ['Approval code', outcome.approvalCode],
    ['After a lost connection', outcome.asked ? 'The terminal was asked for the end' : undefined],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  if (rows.length === 0) return null;
  return <Rows rows={rows} />;
};

/** What else the shop takes: a button for what this till can ask for, words for the rest. */
const Alternatives = ({ facts, till, ended, options, basketNumber }: OutcomeProps) => {
  if (isTillFault(ended.outcome) || ended.outcome.alternatives.length === 0) return null;
  const { what, outcome } = ended;
  const names = outcome.alternatives;
  const words = names.filter((name) => !/^qr(:|$)/.test(name));
  const anyCode = names.includes('qr');
  const codes = facts.wallets.filter(({ name }) => anyCode || names.includes(`qr:${name}`));
  const pay = (wallet: string) =>
    void till.run(
      payOrder({
        totalMinor: ended.amountMinor,
        what,
        method: 'code',
        wallet,
        options,
        facts,
        basket: basketNumber,
      }),
    );
  return (
    <section class="alternatives" aria-label="What the shop takes instead">
      <h3>Taken instead</h3>
      {codes.map(({ name, title }) => (
        <button key={name} type="button" class="button button-large" onClick={() => pay(name)}>
          Pay by {title} code
        </button>
      ))}
      {words.length > 0 && <p>{words.map((name) => OTHER_WAYS[name] ?? name).join(', ')}</p>}
    </section>
  );
};

// Brands as nexo has them, and as they stand on cards.
const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  discover: 'Discover',
  jcb: 'JCB',
  mc: 'Mastercard',
  visa: 'Visa',
};

const brandWords = (brand: string | undefined) => brand && (BRANDS[brand] ?? brand);

const OTHER_WAYS: Readonly<Record<string, string>> = {
  insert: 'Card in the slot',
  swipe: 'Card through the reader',
  cash: 'Cash',
};

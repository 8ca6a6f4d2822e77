import type { TillFacts } from './facts.ts';
import { type Good, priceMinor } from './goods.tsx';
import { money } from './money.ts';
import { type PayOptions, payOrder } from './orders.ts';
import { PayOptionsForm } from './pay-options.tsx';
import type { Till } from './use-till.ts';

export interface BasketLine {
  readonly good: Good;
  readonly count: number;
}

interface BasketProps {
  readonly facts: TillFacts;
  readonly till: Till;
  readonly basket: readonly BasketLine[];
  readonly options: PayOptions;
  readonly onOptions: (options: PayOptions) => void;
  readonly onChange: (good: Good, by: number) => void;
  readonly onEmpty: () => void;
}

export const totalOf = (basket: readonly BasketLine[], { currency }: TillFacts): number =>
  basket.reduce((sum, { good, count }) => sum + count * priceMinor(good, currency.exponent), 0);

const wordsOf = (basket: readonly BasketLine[]): string =>
  basket.map(({ good, count }) => `${count} ${good.name}`).join(', ');

export const Basket = (props: BasketProps) => {
  const { facts, till, basket, options, onOptions, onChange, onEmpty } = props;
  const totalMinor = totalOf(basket, facts) + (basket.length > 0 ? options.cashbackMinor : 0);
  const locked = facts.needsKey && till.key === undefined;
  const pay = (method: 'card' | 'code') =>
    void till.run(payOrder({ totalMinor, what: wordsOf(basket), method, options, facts }));
  const empty = basket.length === 0;
  return (
    <div class="basket">
      <div class="side-head">
        <h2>Basket</h2>
        {!empty && (
          <button type="button" class="button button-quiet" onClick={onEmpty}>
            Empty it
          </button>
        )}
      </div>
      {empty ? (
        <p class="nothing">Touch goods to put them in.</p>
      ) : (
        <ul class="lines">
          {basket.map((line) => (
            <Line key={line.good.name} {...{ line, facts, onChange }} />
          ))}
        </ul>
      )}
      <PayOptionsForm {...{ facts, options }} onChange={onOptions} />
      <div class="pay">
        <p class="total">
          <span>Total</span>
          <output>{money(totalMinor, facts.currency)}</output>
        </p>
        {locked && (
          <p class="hint" role="status">
            This terminal takes encrypted messages only: enter its key in the settings first.
          </p>
        )}
        <div class="pay-buttons">
          <button
            type="button"
            class="button button-primary button-large"
            disabled={empty || locked}
            onClick={() => pay('card')}
          >
            Pay by tap
          </button>
          {facts.wallets.length > 0 && (
            <button
              type="button"
              class="button button-large"
              disabled={empty || locked}
              onClick={() => pay('code')}
            >
              Pay by code
            </button>
          )}
        </div>
      </div>
    </div>
  );
};

interface LineProps extends Pick<BasketProps, 'facts' | 'onChange'> {
  readonly line: BasketLine;
}

const Line = ({ line: { good, count }, facts, onChange }: LineProps) => (
  <li class="line">
    <span class="line-name">{good.name}</span>
    <span class="stepper">
      <button type="button" onClick={() => onChange(good, -1)} aria-label={`One ${good.name} less`}>
        −
      </button>
      <span class="count">{count}</span>
      <button type="button" onClick={() => onChange(good, 1)} aria-label={`One ${good.name} more`}>
        +
      </button>
    </span>
    <span class="line-price">
      {money(count * priceMinor(good, facts.currency.exponent), facts.currency)}
    </span>
  </li>
);

import type { TillFacts } from './facts.ts';
import { GOODS, type Good, priceMinor } from './goods.tsx';
import { money } from './money.ts';

interface ShelfProps {
  readonly facts: TillFacts;
  /** While a payment runs nothing is put into the basket. */
  readonly locked: boolean;
  readonly onTake: (good: Good) => void;
}

export const Shelf = ({ facts, locked, onTake }: ShelfProps) => (
  <section aria-labelledby="goods">
    <h1 id="goods">Goods</h1>
    <ul class="shelf">
      {GOODS.map((good) => (
        <li key={good.name}>
          <button type="button" class="good" disabled={locked} onClick={() => onTake(good)}>
            <svg class="drawing" viewBox="0 0 64 64" aria-hidden="true">
              {good.drawing}
            </svg>
            <span class="good-name">{good.name}</span>
            <span class="good-price">
              {money(priceMinor(good, facts.currency.exponent), facts.currency)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  </section>
);

import type { ComponentProps } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Basket, type BasketLine, leftOf } from './basket.tsx';
import { loadFacts, type TillFacts } from './facts.ts';
import { GOODS, type Good } from './goods.tsx';
import { Header } from './header.tsx';
import { Messages } from './messages.tsx';
import { NO_OPTIONS, type PayOptions } from './orders.ts';
import { Outcome } from './outcome.tsx';
import { Progress } from './progress.tsx';
import { restOf } from './sale.ts';
import { Sales } from './sales.tsx';
import { Shelf } from './shelf.tsx';
import { useTill } from './use-till.ts';

/** The reference till: goods, a basket, and a terminal that takes the money. */
export const App = () => {
  const [facts, setFacts] = useState<TillFacts>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      const loaded = await loadFacts();
      setFacts(loaded);
      setFailed(loaded === undefined);
      if (loaded === undefined) timer = setTimeout(load, 2000);
    };
    void load();
    return () => clearTimeout(timer);
  }, []);
  if (facts) return <Counter facts={facts} />;
  return (
    <main class="waiting">
      <h1>Countertap till</h1>
      <p role="status">{failed ? 'The terminal doesn’t answer. Trying again…' : 'One moment…'}</p>
    </main>
  );
};

type Place = 'goods' | 'sales';

const Counter = ({ facts }: { readonly facts: TillFacts }) => {
  const till = useTill(facts);
  const [place, setPlace] = useState<Place>('goods');
  const [basket, setBasket] = useState<readonly BasketLine[]>([]);
  const [basketNumber, setBasketNumber] = useState(1);
  const [options, setOptions] = useState<PayOptions>(NO_OPTIONS);
  const change = (good: Good, by: number) => {
    till.clear();
    setBasket((lines) => changed(lines, good, by));
  };
  return (
    <div class="till">
      <Header facts={facts} till={till} place={place} onPlace={setPlace} />
      <main class="counter">
        {place === 'goods' ? (
          <Shelf
            facts={facts}
            locked={till.running !== undefined}
            onTake={(good) => change(good, 1)}
          />
        ) : (
          <Sales facts={facts} till={till} />
        )}
      </main>
      <aside class="side" aria-label="Basket and payment">
        <Side
          {...{ facts, till, basket, basketNumber, options }}
          onOptions={setOptions}
          onChange={change}
          onEmpty={() => {
            setBasket([]);
            setBasketNumber((number) => number + 1);
            setOptions(NO_OPTIONS);
          }}
        />
      </aside>
      <Messages messages={till.messages} />
    </div>
  );
};

const Side = (props: ComponentProps<typeof Basket>) => {
  const { facts, till, basket, basketNumber, options, onEmpty } = props;
  const { running, ended } = till;
  const locked = facts.needsKey && till.key === undefined;
  if (running) return <Progress {...{ facts, running, locked }} onAbort={till.abort} />;
  if (ended) {
    const due = basket.length > 0 && ended.basket === basketNumber;
    const leftMinor = due ? leftOf(props) : restOf(ended, facts.currency);
    const about = { facts, till, ended, options, due, leftMinor, basketNumber };
    return <Outcome {...about} onNew={onEmpty} />;
  }
  return <Basket {...props} />;
};

// In the shelf's order, so that a line stays where it is.
const changed = (lines: readonly BasketLine[], good: Good, by: number): readonly BasketLine[] =>
  GOODS.flatMap((one) => {
    const count = lines.find((line) => line.good === one)?.count ?? 0;
    const now = one === good ? count + by : count;
    return now > 0 ? [{ good: one, count: now }] : [];
  });

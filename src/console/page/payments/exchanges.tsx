import type { PaymentView } from '../../api.ts';
import { Nothing, Panel } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { fill } from '../words.ts';

type Exchange = PaymentView['exchanges'][number];

/** What card and terminal said to each other, element by element. */
export const Exchanges = ({ exchanges }: { readonly exchanges: readonly Exchange[] }) => (
  <Panel title={T.exchanges.title}>
    <p class="quiet">{T.exchanges.intro}</p>
    {exchanges.length === 0 && <Nothing>{T.exchanges.none}</Nothing>}
    {exchanges.map((exchange, row) => (
      <details class="exchange" key={`${row} ${exchange.command}`}>
        <summary>
          <span>{exchange.command}</span>
          <span class="quiet">
            {fill(T.exchanges.answer, { answer: exchange.answer })}
            {exchange.elements.length > 0 &&
              ` · ${fill(T.exchanges.elements, { count: `${exchange.elements.length}` })}`}
          </span>
        </summary>
        <dl class="elements">
          {exchange.elements.map((element, place) => (
            <div key={`${place} ${element.tag}`}>
              <dt>
                <code>{element.tag}</code> {element.name}
              </dt>
              <dd>
                <code class="value">{element.value}</code>
                {element.means !== '' && <span>{element.means}</span>}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    ))}
  </Panel>
);

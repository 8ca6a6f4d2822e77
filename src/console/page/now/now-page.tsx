import type { NowView, TapView } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import type { Format } from '../format.ts';
import { Icon } from '../pieces/icon.tsx';
import { Nothing, Page, Panel } from '../pieces/page.tsx';
import { hrefOf } from '../route.ts';
import { T } from '../texts.ts';
import { fill } from '../words.ts';
import { STATE_OF } from './contactless-state.ts';
import { OUTCOMES } from './outcome.ts';
import { StateTiles } from './state-tiles.tsx';
import { TapCard } from './tap-card.tsx';

/** What this terminal is doing at this moment. */
export const NowPage = () => {
  const { live, format } = useConsole();
  const { now, taps } = live;
  return (
    <Page title={T.now.title}>
      {now === undefined ? (
        <p class="pending" role="status">
          {T.loading}
        </p>
      ) : (
        <>
          <ContactlessNow now={now} />
          <StateTiles now={now} />
        </>
      )}
      <Panel title={T.now.taps}>
        <p class="spoken" role="status">
          {live.latestTap && tapWords(live.latestTap, format)}
        </p>
        <ol class="taps">
          {taps.map((tap, place) => (
            <li key={`${tap.transactionId} ${tap.atMs}`}>
              <TapCard tap={tap} open={place === 0} />
            </li>
          ))}
        </ol>
        {taps.length === 0 && <Nothing>{T.now.noTaps}</Nothing>}
      </Panel>
    </Page>
  );
};

// A waterfall would take a minute to be read out.
const tapWords = ({ result }: TapView, { amount }: Format): string =>
  `${amount(result.approvedMinor ?? result.amountMinor, result.currency)}: ${
    OUTCOMES[result.status].words
  }`;

const ContactlessNow = ({ now }: { readonly now: NowView }) => {
  const { format } = useConsole();
  const { contactless } = now;
  const { tone, icon, title } = STATE_OF[contactless.accepted];
  return (
    <section class="panel state" data-tone={tone}>
      <span class="state-sign">
        <Icon name={icon} large />
      </span>
      <div class="state-words">
        <h2>{title}</h2>
        <p>{contactless.sentence}</p>
        {contactless.unreadable !== undefined && <p class="strong">{contactless.unreadable}</p>}
        {contactless.changesAtMs !== undefined && (
          <p class="quiet">
            {fill(T.state.changesAt, { when: format.moment(contactless.changesAtMs) })}
          </p>
        )}
      </div>
      <a class="button button-plain" href={hrefOf('contactless')}>
        <span>{T.now.toContactless}</span>
        <Icon name="forth" />
      </a>
    </section>
  );
};

import type { TapView } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { hrefOf } from '../route.ts';
import { T } from '../texts.ts';
import { fill } from '../words.ts';
import { OUTCOMES } from './outcome.ts';
import { Waterfall } from './waterfall.tsx';

interface TapCardProps {
  readonly tap: TapView;
  /** Whether its waterfall is open at first. */
  readonly open: boolean;
}

/** One tap: how it ended, what it was about, and where its time went. */
export const TapCard = ({ tap, open }: TapCardProps) => {
  const { format } = useConsole();
  const { result, times } = tap;
  const { tone, icon, words } = OUTCOMES[result.status];
  const amount = format.amount(result.approvedMinor ?? result.amountMinor, result.currency);
  return (
    <article class="tap">
      <div class="tap-head">
        <a class="tap-amount" href={hrefOf('payments', tap.transactionId)}>
          {amount}
        </a>
        <Badge tone={tone} icon={icon}>
          {words}
        </Badge>
        <time class="quiet" dateTime={new Date(tap.atMs).toISOString()}>
          {format.time(tap.atMs)}
        </time>
      </div>
      <p class="tap-card-words">
        {[result.scheme, result.maskedPan].filter(Boolean).join(' ') || T.now.noCard}
      </p>
      <p class="quiet">{result.reason}</p>
      {times && (
        <details open={open}>
          <summary>
            {fill(T.now.took, { total: format.duration(times.totalMs) })}
            <span class="quiet">
              {fill(T.now.tookParts, {
                card: format.duration(times.cardMs),
                own: format.duration(times.ownMs),
              })}
            </span>
          </summary>
          <Waterfall times={times} />
        </details>
      )}
    </article>
  );
};

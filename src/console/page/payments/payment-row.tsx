import type { PaymentLine } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { hrefOf } from '../route.ts';
import { T } from '../texts.ts';
import { wordsOf } from '../words.ts';
import { stateWords, toneOf } from './payment-states.ts';

/** One payment in the list; all of it is the way to its page. */
export const PaymentRow = ({ line }: { readonly line: PaymentLine }) => {
  const { format } = useConsole();
  const amount = format.amount(line.approvedMinor ?? line.amountMinor, line.currency);
  return (
    <a class="row" href={hrefOf('payments', line.id)}>
      <strong class="row-amount">{amount}</strong>
      <span class="row-card">
        {wordsOf(T.kinds, line.kind)}
        <small>{[line.scheme, line.maskedPan].filter(Boolean).join(' ') || T.now.noCard}</small>
      </span>
      <span class="row-when">
        <time dateTime={new Date(line.startedMs).toISOString()}>
          {format.moment(line.startedMs)}
        </time>
        <small class="code">{line.tillId ?? line.id}</small>
      </span>
      <Badge tone={toneOf(line.state)}>{stateWords(line.state)}</Badge>
    </a>
  );
};

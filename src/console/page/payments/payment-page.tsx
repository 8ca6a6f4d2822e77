import type { PaymentLine, PaymentView } from '../../api.ts';
import { type Console, useConsole } from '../console-context.ts';
import { Waterfall } from '../now/waterfall.tsx';
import { Badge } from '../pieces/badge.tsx';
import { ButtonLink } from '../pieces/button.tsx';
import { type Fact, Facts, Nothing, Page, Panel, Pending } from '../pieces/page.tsx';
import { hrefOf } from '../route.ts';
import { T } from '../texts.ts';
import { useLoad } from '../use-load.ts';
import { wordsOf } from '../words.ts';
import { Exchanges } from './exchanges.tsx';
import { stateWords, toneOf } from './payment-states.ts';
import { Refund } from './refund.tsx';
import { VoidPayment } from './void-payment.tsx';

/** One payment: how it stands, what can be done about it, and everything that happened. */
export const PaymentPage = ({ id }: { readonly id: string }) => {
  const path = `payments/${encodeURIComponent(id)}`;
  const { value, refusal, reload } = useLoad<PaymentView>(path);
  const { format } = useConsole();
  const title = value === undefined ? T.payment.title : titleOf(value.line, format);
  return (
    <Page title={title} back={{ href: hrefOf('payments'), words: T.payments.title }}>
      {value === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={reload} />
      ) : (
        <>
          <Standing view={value} reload={reload} />
          <Happened view={value} />
          {value.result?.tap && (
            <Panel title={T.now.waterfall}>
              <Waterfall times={value.result.tap} />
            </Panel>
          )}
          <Exchanges exchanges={value.exchanges} />
        </>
      )}
    </Page>
  );
};

const titleOf = (line: PaymentLine, { amount }: Console['format']): string => {
  const minor = line.approvedMinor ?? line.amountMinor;
  return `${wordsOf(T.kinds, line.kind)}, ${amount(minor, line.currency)}`;
};

const Standing = ({
  view,
  reload,
}: {
  readonly view: PaymentView;
  readonly reload: () => void;
}) => {
  const desk = useConsole();
  const { line, can, reasons } = view;
  const { may } = desk;
  return (
    <Panel>
      <div class="standing">
        <Badge tone={toneOf(line.state)}>{stateWords(line.state)}</Badge>
        {line.meaning !== stateWords(line.state).toLowerCase() && <p>{line.meaning}</p>}
      </div>
      <Facts facts={factsOf(view, desk)} />
      {reasons.length > 0 && (
        <>
          <h2>{T.payment.reasons}</h2>
          <ul class="sentences">
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </>
      )}
      <div class="actions">
        {can.refund && may('refund') && <Refund view={view} onDone={reload} />}
        {can.void && may('void') && <VoidPayment line={line} onDone={reload} />}
        {can.reprint && may('reprint') && (
          <ButtonLink icon="print" href={hrefOf('payments', line.id, 'receipt')}>
            {T.payment.reprint}
          </ButtonLink>
        )}
      </div>
    </Panel>
  );
};

const factsOf = (view: PaymentView, { format }: Console): (Fact | undefined)[] => {
  const { line, result, refundedMinor } = view;
  const some = (name: string, value: string | undefined): Fact | undefined =>
    value === undefined || value === '' ? undefined : { name, value };
  const amount = (minor: number): string => format.amount(minor, line.currency);
  const card = [line.scheme, line.maskedPan].filter(Boolean).join(' ');
  return [
    some(T.payment.when, `${format.date(line.startedMs)}, ${format.time(line.startedMs)}`),
    some(T.payment.asked, line.approvedMinor === undefined ? '' : amount(line.amountMinor)),
    some(T.payment.refunded, refundedMinor > 0 ? amount(refundedMinor) : ''),
    some(T.payment.card, card),
    some(T.payment.reason, line.reason ?? result?.reason),
    some(T.payment.cashier, result?.cashier && T.cashier[result.cashier]),
    some(T.payment.authorisation, result?.authorisationCode),
    some(T.payment.response, result?.responseCode),
    some(T.payment.reference, result?.retrievalReference),
    some(T.payment.till, line.tillId),
    { name: T.payment.id, value: <code class="code">{line.id}</code> },
  ];
};

const Happened = ({ view }: { readonly view: PaymentView }) => {
  const { format } = useConsole();
  return (
    <Panel title={T.payment.happened}>
      {view.entries.length === 0 && <Nothing>{T.payment.nothingHappened}</Nothing>}
      <ol class="timeline">
        {view.entries.map(({ sequence, event, atMs, says }) => (
          <li key={sequence}>
            <time dateTime={new Date(atMs).toISOString()}>{format.time(atMs)}</time>
            <div>
              <strong>{says}</strong>
              <small>
                {T.payment.entry} {sequence} · {event}
              </small>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
};

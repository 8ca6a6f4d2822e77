import { useEffect, useState } from 'preact/hooks';
import type { PaymentsView } from '../../api.ts';
import { isRefusal, type Refusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { SelectField, TextField } from '../pieces/field.tsx';
import { Nothing, Page, Pending } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import { PaymentRow } from './payment-row.tsx';
import { STATES } from './payment-states.ts';

const PAGE = 25;
const TYPING_MS = 300;

/** Finds a payment: by id, till's id, masked number or amount. */
export const PaymentsPage = () => {
  const [search, setSearch] = useState('');
  const [state, setState] = useState('');
  const found = usePayments(search, state);
  const { payments } = found;
  return (
    <Page title={T.payments.title}>
      <search class="search">
        <TextField
          name="search"
          type="search"
          label={T.payments.search}
          hint={T.payments.searchHint}
          value={search}
          onValue={setSearch}
        />
        <SelectField
          name="state"
          label={T.payments.state}
          hint={T.payments.stateHint}
          value={state}
          options={[['', T.payments.anyState], ...STATES]}
          onValue={setState}
        />
      </search>
      <p class="spoken" role="status">
        {payments === undefined ? '' : fill(T.payments.found, { count: `${payments.length}` })}
      </p>
      {payments === undefined ? (
        <Pending
          {...(found.refusal === undefined ? {} : { refusal: found.refusal })}
          reload={found.reload}
        />
      ) : (
        <>
          {payments.length === 0 && <Nothing>{T.payments.none}</Nothing>}
          <ol class="rows">
            {payments.map((line) => (
              <li key={line.id}>
                <PaymentRow line={line} />
              </li>
            ))}
          </ol>
          {found.more && (
            <div class="actions">
              <Button busy={found.busy} busyWords={T.loading} onPress={found.more}>
                {T.payments.more}
              </Button>
            </div>
          )}
        </>
      )}
    </Page>
  );
};

interface Found {
  readonly payments?: PaymentsView['payments'];
  readonly refusal?: Refusal;
  readonly busy: boolean;
  /** Absent at the end. */
  readonly more?: () => void;
  readonly reload: () => void;
}

const usePayments = (search: string, state: string): Found => {
  const { client, say } = useConsole();
  const [view, setView] = useState<PaymentsView>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [round, setRound] = useState(0);
  const { busy, run } = useAction();
  const path = (before?: string): string => {
    const query = new URLSearchParams({ count: `${PAGE}` });
    if (search.trim() !== '') query.set('search', search.trim());
    if (state !== '') query.set('state', state);
    if (before !== undefined) query.set('before', before);
    return `payments?${query}`;
  };
  useEffect(() => {
    let current = round >= 0;
    const look = async (): Promise<void> => {
      const answer = await client.get<PaymentsView>(path());
      if (!current) return;
      setRefusal(isRefusal(answer) ? answer : undefined);
      setView(isRefusal(answer) ? undefined : answer);
    };
    const timer = window.setTimeout(look, view === undefined ? 0 : TYPING_MS);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [search, state, round]);
  const more = async (before: string): Promise<void> => {
    const answer = await client.get<PaymentsView>(path(before));
    if (isRefusal(answer)) return say(answer.error, 'bad');
    setView((shown) => ({ ...answer, payments: [...(shown?.payments ?? []), ...answer.payments] }));
  };
  const next = view?.next;
  return {
    ...(view === undefined ? {} : { payments: view.payments }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(next === undefined ? {} : { more: () => run(() => more(next)) }),
    busy,
    reload: () => setRound((before) => before + 1),
  };
};

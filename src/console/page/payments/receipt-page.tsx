import type { ReceiptView } from '../../api.ts';
import { Button } from '../pieces/button.tsx';
import { Page, Pending } from '../pieces/page.tsx';
import { hrefOf } from '../route.ts';
import { T } from '../texts.ts';
import { useLoad } from '../use-load.ts';

/** The receipt once more; on paper nothing else of the page is left. */
export const ReceiptPage = ({ id }: { readonly id: string }) => {
  const path = `payments/${encodeURIComponent(id)}/receipt`;
  const { value, refusal, reload } = useLoad<ReceiptView>(path);
  return (
    <Page
      title={T.receipt.title}
      back={{ href: hrefOf('payments', id), words: T.receipt.back }}
      actions={
        value && (
          <Button kind="primary" icon="print" onPress={() => window.print()}>
            {T.receipt.print}
          </Button>
        )
      }
    >
      {value === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={reload} />
      ) : (
        <div class="receipt">
          <p class="receipt-copy">{T.receipt.copy}</p>
          <pre>{value.lines.join('\n')}</pre>
        </div>
      )}
    </Page>
  );
};

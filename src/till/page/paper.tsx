import type { TillReceipt } from '../client/index.ts';

const COPIES = { merchant: 'Merchant’s copy', customer: 'Customer’s copy', other: 'Receipt' };

interface PaperProps {
  readonly receipts: readonly TillReceipt[];
  /** The customer's copy lies there to be read at once. */
  readonly open?: boolean;
}

/** Receipts of an answer, as they would come out of a printer. */
export const Paper = ({ receipts, open = true }: PaperProps) => {
  // The customer's lies on top.
  const sorted = [...receipts].sort((one, other) => one.copy.localeCompare(other.copy));
  return (
    <>
      {sorted.map((receipt) => (
        <details key={receipt.copy} class="paper-holder" open={open && receipt.copy === 'customer'}>
          <summary>{COPIES[receipt.copy]}</summary>
          <div class="paper-shadow">
            <div class="paper">
              {receipt.lines.map((line, at) => (
                <p key={`${at}-${line.key}`} class={line.bold ? 'paper-line bold' : 'paper-line'}>
                  <span>{line.name}</span>
                  <span>{line.value}</span>
                </p>
              ))}
              {receipt.toBeSigned && <p class="paper-sign">Signature</p>}
            </div>
          </div>
        </details>
      ))}
    </>
  );
};

import { useEffect, useState } from 'preact/hooks';
import { isTillFault } from '../client/index.ts';
import { Dialog } from './dialog.tsx';
import type { TillFacts } from './facts.ts';
import { Rows } from './rows.tsx';
import type { Till } from './use-till.ts';

interface StatusProps {
  readonly facts: TillFacts;
  readonly till: Till;
  readonly onClose: () => void;
}

type Diagnosis = Awaited<ReturnType<Till['client']['diagnose']>>;

/** What the terminal says of itself: asked by a Diagnosis when this is opened. */
export const Status = ({ facts, till, onClose }: StatusProps) => {
  const [diagnosis, setDiagnosis] = useState<Diagnosis>();
  useEffect(() => void till.client.diagnose().then(setDiagnosis), []);
  return (
    <Dialog title={`Terminal ${facts.poiId}`} onClose={onClose}>
      <div role="status">{diagnosis ? <Told diagnosis={diagnosis} /> : <p>Asking…</p>}</div>
      <div class="acts">
        <button type="button" class="button button-primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
};

const Told = ({ diagnosis }: { readonly diagnosis: Diagnosis }) => {
  if (isTillFault(diagnosis)) return <p class="error">{diagnosis.detail}</p>;
  const { poi, reason } = diagnosis;
  if (!poi) return <p>{reason === '' ? 'It answers, and says no more.' : reason}</p>;
  const works = (flag: boolean | undefined) =>
    flag === undefined ? 'Not told' : flag ? 'Works' : 'Doesn’t work';
  const rows: readonly (readonly [string, string])[] = [
    ['Terminal', poi.GlobalStatus],
    ['Card reader', works(poi.CardReaderOKFlag)],
    ['Printer', poi.PrinterStatus ?? 'None'],
    ['Acquirer', works(poi.CommunicationOKFlag)],
    ['Security', works(poi.SecurityOKFlag)],
  ];
  return <Rows rows={rows} />;
};

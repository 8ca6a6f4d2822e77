import { Icon } from '../pieces/icon.tsx';
import { T } from '../texts.ts';
import type { PreviewState } from './use-preview.ts';

type Found = Extract<PreviewState, { kind: 'found' }>;

/** What the decision would do, told again each time that it changes. */
export const Preview = ({ state }: { readonly state: PreviewState }) => (
  <section class="preview panel" aria-label={T.preview.title}>
    <h2>{T.preview.title}</h2>
    <div aria-live="polite">
      {state.kind === 'asking' && <p class="quiet">{T.preview.asking}</p>}
      {state.kind === 'incomplete' && <p class="quiet">{T.preview.incomplete}</p>}
      {state.kind === 'problem' && (
        <p class="sentence" data-tone="bad">
          <Icon name="bad" />
          <span>
            <strong>{T.preview.refused}</strong> {state.problem}
          </span>
        </p>
      )}
      {state.kind === 'found' && <PreviewWords found={state} />}
    </div>
  </section>
);

export const PreviewWords = ({ found }: { readonly found: Found }) => (
  <>
    {found.says.map((sentence) => (
      <p key={sentence}>{sentence}</p>
    ))}
    {found.warnings.map((warning) => (
      <p class="sentence" data-tone="warn" key={warning}>
        <Icon name="warn" />
        <span>
          <strong>{T.preview.warning}</strong> {warning}
        </span>
      </p>
    ))}
    {found.needsApproval && (
      <p class="sentence" data-tone="calm">
        <Icon name="people" />
        <span>{T.preview.needsApproval}</span>
      </p>
    )}
  </>
);

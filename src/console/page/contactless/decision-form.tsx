import type { ContactlessView } from '../../api.ts';
import { Button } from '../pieces/button.tsx';
import { Group, OneOf } from '../pieces/choices.tsx';
import { Confirmation } from '../pieces/confirmation.tsx';
import { Form } from '../pieces/form.tsx';
import { goTo } from '../route.ts';
import { T } from '../texts.ts';
import type { PartProps } from './part-props.ts';
import { Preview, PreviewWords } from './preview.tsx';
import { ReasonFields } from './reason-fields.tsx';
import { ScopeFields } from './scope-fields.tsx';
import { SupersedeFields } from './supersede-fields.tsx';
import { type Asked, useDecision } from './use-decision.ts';
import { WhenFields } from './when-fields.tsx';
import { AlternativesFields, WordsFields } from './words-fields.tsx';

interface DecisionFormProps {
  readonly asked: Asked;
  readonly view: ContactlessView;
}

/** The decision as a form: what, why, until when; then a look at what it does, then a yes. */
export const DecisionForm = ({ asked, view }: DecisionFormProps) => {
  const decision = useDecision(asked, view);
  const { draft, change, errors, busy, preview } = decision;
  const { options } = view;
  const parts: PartProps = { draft, change, errors };
  return (
    <Form errors={errors} onSubmit={decision.check} label={TITLES_OF[asked]}>
      <div class="with-preview">
        <div class="form-parts">
          {asked === 'anew' && <ActionField draft={draft} change={change} />}
          <ScopeFields {...parts} options={options} />
          <ReasonFields {...parts} options={options} />
          <WhenFields {...parts} />
          <SupersedeFields
            {...parts}
            candidates={decision.candidates}
            chosen={decision.superseded}
          />
          <WordsFields {...parts} options={options} />
          {draft.action === 'off' && <AlternativesFields {...parts} options={options} />}
        </div>
        <div class="form-end">
          {asked !== 'anew' && <Preview state={preview} />}
          <div class="actions">
            <Button submit kind="primary" busy={busy} busyWords={T.form.checking}>
              {T.form.check}
            </Button>
            <Button kind="quiet" onPress={() => goTo('contactless')}>
              {T.cancel}
            </Button>
          </div>
        </div>
      </div>
      {decision.confirming && <Confirm asked={asked} decision={decision} />}
    </Form>
  );
};

interface ConfirmProps {
  readonly asked: Asked;
  readonly decision: ReturnType<typeof useDecision>;
}

const Confirm = ({ asked, decision }: ConfirmProps) => {
  const { draft, preview, busy } = decision;
  const proposes = preview.kind === 'found' && preview.needsApproval;
  return (
    <Confirmation
      title={T.form.confirm[draft.action]}
      yes={proposes ? T.form.propose : T.form.verbs[draft.action]}
      danger={draft.action === 'off'}
      busy={busy}
      busyWords={T.form.deciding}
      onYes={decision.decide}
      onNo={decision.goBack}
    >
      {asked === 'anew' && <p>{T.form.anewConfirm}</p>}
      {preview.kind === 'found' && <PreviewWords found={preview} />}
    </Confirmation>
  );
};

const TITLES_OF: Readonly<Record<Asked, string>> = {
  off: T.form.offTitle,
  on: T.form.onTitle,
  anew: T.form.anewTitle,
};

// The first decision of a new register may go either way.
const ActionField = ({ draft, change }: Pick<PartProps, 'draft' | 'change'>) => (
  <Group legend={T.form.action}>
    <OneOf
      name="action"
      value={draft.action}
      options={[
        ['off', T.form.verbs.off],
        ['on', T.form.verbs.on],
      ]}
      onValue={(action) => change({ action })}
    />
  </Group>
);

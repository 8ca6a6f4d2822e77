import type { DecisionView } from '../../api.ts';
import { Group, SomeOf } from '../pieces/choices.tsx';
import { errorOf } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { fill } from '../words.ts';
import type { PartProps } from './part-props.ts';

interface SupersedeFieldsProps extends PartProps {
  readonly candidates: readonly DecisionView[];
  /** By the person or, until they choose, by the page. */
  readonly chosen: readonly string[];
}

/** Which decisions end for good when this one begins. */
export const SupersedeFields = (props: SupersedeFieldsProps) => {
  const { candidates, chosen, change, errors } = props;
  if (candidates.length === 0) return null;
  return (
    <Group
      legend={T.supersede.legend}
      hint={T.supersede.hint}
      error={errorOf(errors, 'supersedes')}
    >
      <SomeOf
        name="supersedes"
        values={chosen}
        options={candidates.map(({ decision, scope }) => {
          const words = decision.action === 'off' ? T.decision.off : T.decision.on;
          const title = `${decision.id} · ${fill(words, { scope })}`;
          return [decision.id, title, `${decision.by.person}: ${decision.reason.text}`] as const;
        })}
        onValues={(supersedes) => change({ supersedes })}
      />
    </Group>
  );
};

import type { DecisionOptions } from '../../api.ts';
import { Group } from '../pieces/choices.tsx';
import { SelectField, TextArea } from '../pieces/field.tsx';
import { errorOf } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { wordsOf } from '../words.ts';
import type { PartProps } from './part-props.ts';

interface ReasonFieldsProps extends PartProps {
  readonly options: DecisionOptions;
}

export const ReasonFields = ({ draft, change, errors, options }: ReasonFieldsProps) => (
  <Group legend={T.reason.legend}>
    <SelectField
      name="category"
      label={T.reason.category}
      value={draft.category}
      error={errorOf(errors, 'reason.category')}
      options={[
        ['', T.scope.choose],
        ...Object.entries(options.reasonCategories).map(
          ([category, meaning]) =>
            [category, `${wordsOf(T.reasons, category)}: ${meaning}`] as const,
        ),
      ]}
      onValue={(category) => change({ category })}
    />
    <TextArea
      name="why"
      label={T.reason.text}
      hint={T.reason.hint}
      value={draft.why}
      maxLength={500}
      required
      error={errors['reason.text'] ?? errors['reason']}
      onValue={(why) => change({ why })}
    />
  </Group>
);

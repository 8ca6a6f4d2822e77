import type { DecisionOptions } from '../../api.ts';
import { Group, SomeOf } from '../pieces/choices.tsx';
import { TextArea } from '../pieces/field.tsx';
import { errorOf } from '../pieces/form.tsx';
import { T } from '../texts.ts';
import { fill, wordsOf } from '../words.ts';
import type { PartProps } from './part-props.ts';

interface WordsFieldsProps extends PartProps {
  readonly options: DecisionOptions;
}

/** What shoppers and cashiers read; a language without words has the terminal's own. */
export const WordsFields = ({ draft, change, errors, options }: WordsFieldsProps) => (
  <Group legend={T.wordsFields.legend} hint={T.wordsFields.hint}>
    {Object.entries(options.languages).map(([language, name]) => {
      const words = draft.texts[language] ?? { shopper: '', cashier: '' };
      const said = words.shopper !== '' || words.cashier !== '';
      const put = (some: Partial<typeof words>): void =>
        change({ texts: { ...draft.texts, [language]: { ...words, ...some } } });
      return (
        <details class="more" key={language}>
          <summary>
            <span lang={language}>{name}</span>
            {said && <span class="quiet"> · {T.wordsFields.said}</span>}
          </summary>
          <TextArea
            name={`shopper-${language}`}
            label={fill(T.wordsFields.shopper, { name })}
            lang={language}
            maxLength={160}
            value={words.shopper}
            error={errorOf(errors, `texts.${language}.shopper`)}
            onValue={(shopper) => put({ shopper })}
          />
          <TextArea
            name={`cashier-${language}`}
            label={fill(T.wordsFields.cashier, { name })}
            lang={language}
            maxLength={400}
            value={words.cashier}
            error={errorOf(errors, `texts.${language}.cashier`)}
            onValue={(cashier) => put({ cashier })}
          />
        </details>
      );
    })}
  </Group>
);

export const AlternativesFields = ({ draft, change, errors, options }: WordsFieldsProps) =>
  options.alternatives.length === 0 ? null : (
    <Group
      legend={T.alternatives.legend}
      hint={T.alternatives.hint}
      error={errorOf(errors, 'alternatives')}
    >
      <SomeOf
        name="alternatives"
        values={draft.alternatives}
        options={options.alternatives.map((one) => [one, wordsOf(T.ways, one)] as const)}
        onValues={(alternatives) => change({ alternatives })}
      />
    </Group>
  );

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { ErrorWords } from './field.tsx';

interface GroupProps {
  readonly legend: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly children: ComponentChildren;
  readonly minor?: boolean;
}

/** Inputs that answer one question together. */
export const Group = ({ legend, hint, error, children, minor = false }: GroupProps) => {
  const id = useId();
  const parts = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`];
  const describedBy = parts.filter((part) => part !== '').join(' ');
  return (
    <fieldset
      class={minor ? 'group group-minor' : 'group'}
      aria-describedby={describedBy === '' ? undefined : describedBy}
      data-invalid={error === undefined ? undefined : ''}
    >
      <legend>{legend}</legend>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && <ErrorWords id={`${id}-error`}>{error}</ErrorWords>}
      {children}
    </fieldset>
  );
};

interface ChoiceProps {
  readonly type: 'radio' | 'checkbox';
  readonly name: string;
  readonly checked: boolean;
  readonly onChoose: (checked: boolean) => void;
  readonly children: ComponentChildren;
  readonly hint?: string | undefined;
}

/** A radio button or check box whose whole face can be pressed. */
export const Choice = ({ type, name, checked, onChoose, children, hint }: ChoiceProps) => (
  <label class="choice">
    <input
      type={type}
      name={name}
      checked={checked}
      onChange={(event) => onChoose(event.currentTarget.checked)}
    />
    <span class="choice-words">
      <span>{children}</span>
      {hint !== undefined && <small>{hint}</small>}
    </span>
  </label>
);

interface OneOfProps<Value extends string> {
  readonly name: string;
  readonly value: Value | undefined;
  readonly options: readonly (readonly [value: Value, words: string, hint?: string])[];
  readonly onValue: (value: Value) => void;
}

export const OneOf = <Value extends string>(props: OneOfProps<Value>) => (
  <div class="choices">
    {props.options.map(([value, words, hint]) => (
      <Choice
        key={value}
        type="radio"
        name={props.name}
        checked={props.value === value}
        onChoose={() => props.onValue(value)}
        hint={hint}
      >
        {words}
      </Choice>
    ))}
  </div>
);

interface SomeOfProps<Value extends string> {
  readonly name: string;
  readonly values: readonly Value[];
  readonly options: readonly (readonly [value: Value, words: string, hint?: string])[];
  readonly onValues: (values: readonly Value[]) => void;
  /** Words as short as "Mon". */
  readonly narrow?: boolean;
}

/** The values stay in the order of the options. */
export const SomeOf = <Value extends string>(props: SomeOfProps<Value>) => {
  const { values, options, onValues, narrow = false } = props;
  const choose = (value: Value, checked: boolean): void => {
    const chosen = checked ? [...values, value] : values.filter((one) => one !== value);
    onValues(options.map(([one]) => one).filter((one) => chosen.includes(one)));
  };
  return (
    <div class={narrow ? 'choices choices-narrow' : 'choices'}>
      {options.map(([value, words, hint]) => (
        <Choice
          key={value}
          type="checkbox"
          name={props.name}
          checked={values.includes(value)}
          onChoose={(checked) => choose(value, checked)}
          hint={hint}
        >
          {words}
        </Choice>
      ))}
    </div>
  );
};

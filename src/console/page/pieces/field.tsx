import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What ties an input to its words. */
export interface Tied {
  readonly id: string;
  readonly name: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

interface FieldFrameProps extends FieldProps {
  readonly children: (tied: Tied) => ComponentChildren;
}

/** Label above, hint beneath it, what is wrong beneath the input: all of it is read out. */
export const Field = ({ name, label, hint, error, children }: FieldFrameProps) => {
  const id = useId();
  const parts = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`];
  const describedBy = parts.filter((part) => part !== '').join(' ');
  return (
    <div class="field" data-invalid={error === undefined ? undefined : ''}>
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        name,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': error === undefined ? undefined : 'true',
      })}
      {error !== undefined && <ErrorWords id={`${id}-error`}>{error}</ErrorWords>}
    </div>
  );
};

interface ErrorWordsProps {
  readonly id: string;
  readonly children: ComponentChildren;
}

export const ErrorWords = ({ id, children }: ErrorWordsProps) => (
  <p class="error" id={id}>
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-13v5m0 3v.01" />
    </svg>
    <span>{children}</span>
  </p>
);

interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: 'text' | 'search' | 'datetime-local' | 'time';
  readonly decimal?: boolean;
  readonly digits?: boolean;
  readonly autoComplete?: string;
  readonly maxLength?: number;
  readonly required?: boolean;
}

export const TextField = (props: TextFieldProps) => {
  const { value, onValue, type = 'text', decimal, digits } = props;
  return (
    <Field {...props}>
      {(tied) => (
        <input
          {...tied}
          class="input"
          // The types of JSX know each kind of input apart, and none that is one of several.
          type={type as 'text'}
          value={value}
          inputMode={decimal ? 'decimal' : digits ? 'numeric' : undefined}
          autoComplete={props.autoComplete ?? 'off'}
          maxLength={props.maxLength}
          required={props.required}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
};

interface PinFieldProps extends FieldProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly autoComplete: 'current-password' | 'new-password';
}

export const PinField = (props: PinFieldProps) => (
  <Field {...props}>
    {(tied) => (
      <input
        {...tied}
        class="input input-pin"
        type="password"
        inputMode="numeric"
        autoComplete={props.autoComplete}
        value={props.value}
        required
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
    )}
  </Field>
);

interface TextAreaProps extends FieldProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly maxLength: number;
  readonly required?: boolean;
  readonly lang?: string;
}

export const TextArea = (props: TextAreaProps) => (
  <Field {...props}>
    {(tied) => (
      <textarea
        {...tied}
        class="input"
        rows={2}
        lang={props.lang}
        dir={props.lang === undefined ? undefined : 'auto'}
        value={props.value}
        maxLength={props.maxLength}
        required={props.required}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
    )}
  </Field>
);

interface SelectFieldProps extends FieldProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Value and words, in order. */
  readonly options: readonly (readonly [value: string, words: string])[];
}

export const SelectField = (props: SelectFieldProps) => (
  <Field {...props}>
    {(tied) => (
      <select
        {...tied}
        class="input"
        value={props.value}
        onChange={(event) => props.onValue(event.currentTarget.value)}
      >
        {props.options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    )}
  </Field>
);

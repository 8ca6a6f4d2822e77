import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Refusal } from '../api-client.ts';
import { ErrorWords } from './field.tsx';

/** What is wrong, by the field's name; '' is the whole. */
export type Errors = Readonly<Record<string, string>>;

/** Of a field, or of a part of it: "reason" finds "reason.text". */
export const errorOf = (errors: Errors, name: string): string | undefined =>
  errors[name] ?? Object.entries(errors).find(([field]) => field.startsWith(`${name}.`))?.[1];

/** A refusal as errors. What is about no field of this form is about the whole. */
export const errorsFrom = (
  { field = '', error }: Pick<Refusal, 'field' | 'error'>,
  fields: readonly string[],
): Errors => {
  const known = fields.some((name) => field === name || field.startsWith(`${name}.`));
  return { [known ? field : '']: error };
};

interface FormProps {
  readonly errors: Errors;
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
  readonly label?: string;
}

/**
 * A form whose errors we show ourselves. With new errors the focus goes to the first field that has
 * one, else to what is said about the whole.
 */
export const Form = ({ errors, onSubmit, children, label }: FormProps) => {
  const place = useRef<HTMLFormElement>(null);
  const id = useId();
  const whole = errors[''];
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    const first = place.current?.querySelector<HTMLElement>(FIRST_WRONG);
    first?.focus();
    first?.closest('details')?.setAttribute('open', '');
  }, [errors]);
  return (
    <form
      ref={place}
      class="form"
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {whole !== undefined && (
        <div class="whole-error" role="alert" tabIndex={-1} data-whole="">
          <ErrorWords id={id}>{whole}</ErrorWords>
        </div>
      )}
      {children}
    </form>
  );
};

const FIRST_WRONG = '[aria-invalid=true], [data-invalid] input, [data-whole]';

import { useLayoutEffect, useRef } from 'preact/hooks';

interface TypedLineProps {
  readonly name: string;
  /** As it is shown. */
  readonly value: string;
  readonly masked: boolean;
  /** Digits run from left to right in every language. */
  readonly digits?: boolean;
  /** Gives back what is kept of it, as it is to be shown. */
  readonly onValue: (value: string) => string;
  readonly onDone: () => void;
}

/**
 * Where what is typed stands. A field of the browser's own, so that a keyboard that is plugged in
 * works as its owner is used to, with accents and input methods; our keys write into it.
 */
export function TypedLine({ name, value, masked, digits, onValue, onDone }: TypedLineProps) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);
  return (
    <input
      ref={field}
      class="typed-line"
      {...(masked ? HIDDEN : OPEN)}
      autocorrect="off"
      autocapitalize="off"
      spellcheck={false}
      inputMode="none"
      dir={digits ? 'ltr' : undefined}
      aria-label={name}
      value={value}
      onInput={({ currentTarget, isComposing }) => {
        const kept = onValue(currentTarget.value);
        // What is left out changes nothing that would be drawn anew.
        if (!isComposing && currentTarget.value !== kept) currentTarget.value = kept;
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.isComposing) onDone();
      }}
    />
  );
}

// A code to be used once is the only thing that no browser offers to remember.
const HIDDEN = { type: 'password', autocomplete: 'one-time-code' } as const;
const OPEN = { type: 'text', autocomplete: 'off' } as const;

/** A key must not take the focus from the line, or a keyboard that is plugged in types to it. */
export const keepFocus = (event: PointerEvent): void => event.preventDefault();

import { useId } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import type { TillFacts } from './facts.ts';
import type { Till } from './use-till.ts';

interface KeyFormProps {
  readonly facts: TillFacts;
  readonly till: Till;
  readonly onClose: () => void;
}

/** The key that terminal and till share. It stays in this window's memory, and goes with it. */
export const KeyForm = ({ facts, till, onClose }: KeyFormProps) => {
  const id = useId();
  const take = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const identifier = text('identifier');
    const passphrase = text('passphrase');
    const version = Number(text('version'));
    till.useKey(identifier === '' ? undefined : { identifier, version, passphrase });
    onClose();
  };
  const field = (
    name: string,
    words: string,
    type: 'text' | 'password',
    value: string | number,
  ) => (
    <div class="field">
      <label for={`${id}-${name}`}>{words}</label>
      <input
        id={`${id}-${name}`}
        name={name}
        {...(type === 'password' ? { type: 'password' as const } : { type: 'text' as const })}
        class="input"
        pattern={name === 'version' ? '[0-9]+' : undefined}
        autocomplete="off"
        defaultValue={String(value)}
        required={facts.needsKey}
      />
    </div>
  );
  return (
    <Dialog title="Settings" onClose={onClose}>
      <p class="quiet">
        {facts.needsKey
          ? 'This terminal takes encrypted messages only.'
          : 'This terminal takes messages as they are; with a key they are encrypted.'}{' '}
        The key stays in this window’s memory only.
      </p>
      <form class="form" onSubmit={take}>
        {field('identifier', 'Key identifier', 'text', till.key?.identifier ?? '')}
        {field('version', 'Key version', 'text', till.key?.version ?? 1)}
        {field('passphrase', 'Passphrase', 'password', '')}
        <div class="acts">
          <button type="submit" class="button button-primary">
            Use this key
          </button>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
};

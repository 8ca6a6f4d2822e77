import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'danger' | 'plain' | 'quiet';
  readonly icon?: IconName;
  readonly submit?: boolean;
  /** The action is under way: the button says so and does nothing meanwhile. */
  readonly busy?: boolean;
  readonly busyWords?: string;
  /** Whom or what it is about, for who hears the button alone. */
  readonly about?: string;
  readonly expanded?: boolean;
  readonly onPress?: () => void;
}

/** Stays focusable while it acts, so that nobody who uses the keyboard loses their place. */
export const Button = (props: ButtonProps) => {
  const { children, kind = 'plain', icon, submit = false, busy = false, busyWords } = props;
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={`button button-${kind}`}
      aria-disabled={busy ? 'true' : undefined}
      aria-expanded={props.expanded}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else props.onPress?.();
      }}
    >
      {icon && <Icon name={icon} />}
      <span>
        {busy && busyWords ? busyWords : children}
        {props.about && <span class="spoken"> {props.about}</span>}
      </span>
    </button>
  );
};

interface ButtonLinkProps {
  readonly href: string;
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'plain' | 'quiet';
  readonly icon?: IconName;
  readonly download?: boolean;
}

/** A way to another page, or to a file, that looks as weighty as a button. */
export const ButtonLink = ({ href, children, kind = 'plain', icon, download }: ButtonLinkProps) => (
  <a class={`button button-${kind}`} href={href} download={download ? '' : undefined}>
    {icon && <Icon name={icon} />}
    <span>{children}</span>
  </a>
);

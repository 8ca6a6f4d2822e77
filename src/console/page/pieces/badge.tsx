import type { ComponentChildren } from 'preact';
import type { Tone } from '../console-context.ts';
import { Icon, type IconName } from './icon.tsx';

interface BadgeProps {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly children: ComponentChildren;
}

/** A state in a word, with a sign: the colour only repeats it. */
export const Badge = ({ tone, icon = tone, children }: BadgeProps) => (
  <span class="badge" data-tone={tone}>
    <Icon name={icon} />
    <span>{children}</span>
  </span>
);

import type { ContactlessSummary } from '../../api.ts';
import type { Tone } from '../console-context.ts';
import type { IconName } from '../pieces/icon.tsx';
import { T } from '../texts.ts';

interface StateLook {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly title: string;
  readonly pill: string;
}

/** How each answer to "is contactless taken?" looks and reads. */
export const STATE_OF: Readonly<Record<ContactlessSummary['accepted'], StateLook>> = {
  yes: { tone: 'good', icon: 'contactless', title: T.state.on, pill: T.state.onPill },
  no: { tone: 'bad', icon: 'contactlessOff', title: T.state.off, pill: T.state.offPill },
  open: { tone: 'warn', icon: 'contactlessPart', title: T.state.partly, pill: T.state.partlyPill },
};

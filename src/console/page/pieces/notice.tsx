import { useEffect } from 'preact/hooks';
import type { Tone } from '../console-context.ts';
import { T } from '../texts.ts';
import { Icon } from './icon.tsx';

/** What came of an action. */
export interface Said {
  readonly words: string;
  readonly tone: Tone;
  /** Said twice is heard twice. */
  readonly number: number;
}

interface NoticeProps {
  readonly said: Said | undefined;
  readonly onClose: () => void;
}

/** Bad news stays until somebody closes it; the rest goes by itself. */
const SHOWN_MS = 12_000;

/** One place for what came of actions, for as long as the page lives, spoken as it changes. */
export const Notice = ({ said, onClose }: NoticeProps) => {
  useEffect(() => {
    if (said === undefined || said.tone === 'bad') return;
    const timer = window.setTimeout(onClose, SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [said, onClose]);
  return (
    <div class="notices" role="status" aria-live={said?.tone === 'bad' ? 'assertive' : 'polite'}>
      {said && (
        <div class="notice" data-tone={said.tone} key={said.number}>
          <Icon name={said.tone} />
          <p>{said.words}</p>
          <button type="button" class="notice-close" aria-label={T.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
};

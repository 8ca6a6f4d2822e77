import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon } from '../pieces/icon.tsx';
import { T } from '../texts.ts';

interface WelcomeProps {
  readonly title: string;
  readonly merchant?: string;
  readonly children: ComponentChildren;
}

/** What is there before anybody is signed in: one card in the middle of a calm page. */
export const Welcome = ({ title, merchant, children }: WelcomeProps) => {
  useEffect(() => {
    document.title = title === T.name ? T.name : `${title} · ${T.name}`;
  }, [title]);
  return (
    <main class="welcome">
      <div class="welcome-card">
        <p class="brand">
          <span class="brand-mark">
            <Icon name="contactless" />
          </span>
          <span>{merchant ?? T.product}</span>
        </p>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
};

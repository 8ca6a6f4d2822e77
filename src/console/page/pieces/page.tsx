import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Refusal } from '../api-client.ts';
import { T } from '../texts.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

interface PageProps {
  readonly title: string;
  readonly back?: { readonly href: string; readonly words: string };
  readonly intro?: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A page with its head line, to which the focus goes when the page opens. */
export const Page = ({ title, back, intro, actions, children }: PageProps) => {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${T.name}`;
    // At the first page the focus stays where the browser puts it.
    if (document.body.dataset['opened'] === undefined) document.body.dataset['opened'] = '';
    else head.current?.focus();
    window.scrollTo(0, 0);
  }, [title]);
  return (
    <>
      <div class="page-head">
        <div>
          {back && (
            <a class="back" href={back.href}>
              <Icon name="back" />
              {back.words}
            </a>
          )}
          <h1 ref={head} tabIndex={-1}>
            {title}
          </h1>
          {intro && <p class="intro">{intro}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </>
  );
};

interface PanelProps {
  readonly title?: string;
  readonly children: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly tone?: string;
}

export const Panel = ({ title, children, actions, tone }: PanelProps) => (
  <section class="panel" data-tone={tone}>
    {title && (
      <div class="panel-head">
        <h2>{title}</h2>
        {actions && <div class="actions">{actions}</div>}
      </div>
    )}
    {children}
  </section>
);

/** Nothing has come yet, or why it doesn't. */
export const Pending = ({ refusal, reload }: { refusal?: Refusal; reload: () => void }) =>
  refusal === undefined ? (
    <p class="pending" role="status">
      {T.loading}
    </p>
  ) : (
    <div class="panel trouble" role="alert" data-tone="bad">
      <p>
        <Icon name="bad" />
        <span>{refusal.error}</span>
      </p>
      <Button onPress={reload}>{T.tryAgain}</Button>
    </div>
  );

/** Sentences that must not be overlooked. */
export const Alarm = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <section class="panel alarm" data-tone="bad" role="alert">
    <h2>
      <Icon name="warn" />
      <span>{title}</span>
    </h2>
    {children}
  </section>
);

export interface Fact {
  readonly name: string;
  readonly value: ComponentChildren;
}

export const Facts = ({ facts }: { readonly facts: readonly (Fact | undefined)[] }) => (
  <dl class="facts">
    {facts.map((fact) =>
      fact === undefined ? null : (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ),
    )}
  </dl>
);

/** Nothing to show, said in words. */
export const Nothing = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="nothing">{children}</p>
);

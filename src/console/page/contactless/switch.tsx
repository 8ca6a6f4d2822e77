import type { ContactlessSummary, DecisionView } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import { STATE_OF } from '../now/contactless-state.ts';
import { ButtonLink } from '../pieces/button.tsx';
import { Icon } from '../pieces/icon.tsx';
import { hrefOf } from '../route.ts';
import { T } from '../texts.ts';
import { fill } from '../words.ts';

interface SwitchProps {
  readonly summary: ContactlessSummary;
  readonly history: readonly DecisionView[];
}

/**
 * One large control that says how it is. Pressing it asks what is to be decided: nothing changes
 * before somebody gives a reason and confirms.
 */
export const Switch = ({ summary, history }: SwitchProps) => {
  const { may } = useConsole();
  const { accepted, sentence, unreadable } = summary;
  const next = accepted === 'yes' ? 'off' : 'on';
  const offs = history.some(
    ({ decision, state }) => decision.action === 'off' && COUNTS.has(state),
  );
  const canPress = may('decide') && unreadable === undefined;
  return (
    <section class="switch-panel" aria-label={T.contactless.switch}>
      {canPress ? (
        <a class="switch" data-accepted={accepted} href={hrefOf('contactless', next)}>
          <Face accepted={accepted} sentence={sentence} act={PRESS[accepted]} />
        </a>
      ) : (
        <div class="switch" data-accepted={accepted}>
          <Face accepted={accepted} sentence={sentence} act={undefined} />
        </div>
      )}
      <Details summary={summary} />
      {canPress && (accepted !== 'yes' || offs) && (
        <div class="actions">
          {accepted !== 'yes' && (
            <ButtonLink href={hrefOf('contactless', 'off')}>{T.contactless.offMore}</ButtonLink>
          )}
          {accepted === 'yes' && (
            <ButtonLink href={hrefOf('contactless', 'on')}>{T.contactless.onMore}</ButtonLink>
          )}
        </div>
      )}
    </section>
  );
};

interface FaceProps {
  readonly accepted: ContactlessSummary['accepted'];
  readonly sentence: string;
  readonly act: string | undefined;
}

const Face = ({ accepted, sentence, act }: FaceProps) => {
  const { icon, title } = STATE_OF[accepted];
  return (
    <>
      <span class="switch-track" aria-hidden="true">
        <span class="switch-thumb">
          <Icon name={icon} large />
        </span>
      </span>
      <span class="switch-words">
        <strong>{title}</strong>
        <span>{sentence}</span>
        {act !== undefined && (
          <span class="switch-act">
            {act}
            <Icon name="forth" />
          </span>
        )}
      </span>
    </>
  );
};

// When it changes by itself, and what the reader can do to be silent.
const Details = ({ summary }: { readonly summary: ContactlessSummary }) => {
  const { format, live } = useConsole();
  const { changesAtMs, accepted } = summary;
  return (
    <>
      {changesAtMs !== undefined && (
        <p class="quiet">{fill(T.state.changesAt, { when: format.moment(changesAtMs) })}</p>
      )}
      {accepted === 'no' && live.now && (
        <p class="quiet">{fill(T.contactless.reader, { sentence: live.now.device.sentence })}</p>
      )}
    </>
  );
};

const COUNTS: ReadonlySet<DecisionView['state']> = new Set([
  'in force',
  'planned',
  'outside its hours',
]);

const PRESS: Readonly<Record<ContactlessSummary['accepted'], string>> = {
  yes: T.contactless.pressOff,
  no: T.contactless.pressOn,
  open: T.contactless.pressOn,
};

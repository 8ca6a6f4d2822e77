import { useState } from 'preact/hooks';
import { useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { Button } from '../pieces/button.tsx';
import { Confirmation } from '../pieces/confirmation.tsx';
import { Icon } from '../pieces/icon.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import type { PersonProps } from './change-people.ts';
import { ChangeRole } from './change-role.tsx';
import { NewPin } from './new-pin.tsx';

type Asking = 'role' | 'pin' | 'remove' | undefined;

/** Somebody who may sign in, and what a manager can do about it. */
export const PersonCard = ({ person, change }: PersonProps) => {
  const { format, may, session } = useConsole();
  const [asking, setAsking] = useState<Asking>();
  const { name, role, sinceMs, lockedUntilMs, signedIn } = person;
  const close = (): void => setAsking(undefined);
  const locked = lockedUntilMs !== undefined;
  return (
    <article class="panel person">
      <div class="person-head">
        <Icon name="person" large />
        <div>
          <h2>
            {name}
            {name === session.person && <span class="quiet"> ({T.people.you})</span>}
          </h2>
          <p class="quiet">
            {T.roles[role]} · {fill(T.people.since, { when: format.date(sinceMs) })}
          </p>
        </div>
        <div class="badges">
          {signedIn && <Badge tone="good">{T.people.signedIn}</Badge>}
          {locked && (
            <Badge tone="warn" icon="lock">
              {fill(T.people.locked, { when: format.moment(lockedUntilMs) })}
            </Badge>
          )}
        </div>
      </div>
      {may('changePeople') && (
        <div class="actions">
          <Button about={name} onPress={() => setAsking('role')}>
            {T.people.changeRole}
          </Button>
          <Button about={name} onPress={() => setAsking('pin')}>
            {locked ? T.people.unlock : T.people.newPin}
          </Button>
          <Button kind="quiet" about={name} onPress={() => setAsking('remove')}>
            {T.remove}
          </Button>
        </div>
      )}
      {asking === 'role' && <ChangeRole person={person} change={change} onClose={close} />}
      {asking === 'pin' && <NewPin person={person} change={change} onClose={close} />}
      {asking === 'remove' && <RemovePerson person={person} change={change} onClose={close} />}
    </article>
  );
};

const RemovePerson = ({ person, change, onClose }: PersonProps & { onClose: () => void }) => {
  const [problem, setProblem] = useState<string>();
  const { busy, run } = useAction();
  const { name } = person;
  const remove = async (): Promise<void> => {
    const refusal = await change('DELETE', name, undefined, fill(T.people.removed, { name }));
    if (refusal === undefined) onClose();
    else setProblem(refusal.error);
  };
  return (
    <Confirmation
      title={fill(T.people.removeTitle, { name })}
      yes={T.remove}
      danger
      busy={busy}
      busyWords={T.people.removing}
      problem={problem}
      onYes={() => run(remove)}
      onNo={onClose}
    >
      <p>{T.people.removeIntro}</p>
    </Confirmation>
  );
};

import { useState } from 'preact/hooks';
import type { PeopleView } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { Button } from '../pieces/button.tsx';
import { Page, Pending } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useLoad } from '../use-load.ts';
import { AddPerson } from './add-person.tsx';
import type { ChangePeople } from './change-people.ts';
import { PersonCard } from './person-card.tsx';

export const PeoplePage = () => {
  const { client, say, may } = useConsole();
  const { value, refusal, reload, put } = useLoad<PeopleView>('people');
  const [adding, setAdding] = useState(false);
  const change: ChangePeople = async (method, name, body, done) => {
    const path = name === undefined ? 'people' : `people/${encodeURIComponent(name)}`;
    const answer = await client.send<PeopleView>(method, path, body);
    if (isRefusal(answer)) return answer;
    put(answer);
    say(done);
    return undefined;
  };
  return (
    <Page
      title={T.people.title}
      intro={T.people.intro}
      actions={
        may('changePeople') && (
          <Button kind="primary" icon="add" onPress={() => setAdding(true)}>
            {T.people.add}
          </Button>
        )
      }
    >
      {adding && <AddPerson change={change} onClose={() => setAdding(false)} />}
      {value === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={reload} />
      ) : (
        <ul class="people">
          {value.people.map((person) => (
            <li key={person.name}>
              <PersonCard person={person} change={change} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
};

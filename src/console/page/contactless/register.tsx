import { useState } from 'preact/hooks';
import type { RegisterCheck } from '#decisions/types.ts';
import { type Answer, isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { Button, ButtonLink } from '../pieces/button.tsx';
import { Panel } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';

/** The register as a file, and whether it is still as it was written. */
export const Register = () => {
  const { client, say } = useConsole();
  const [found, setFound] = useState<Answer<RegisterCheck>>();
  const { busy, run } = useAction();
  const verify = async (): Promise<void> => {
    const answer = await client.send<RegisterCheck>('POST', 'contactless/verify');
    setFound(answer);
    const problem = isRefusal(answer) ? answer.error : answer.problem;
    if (problem === undefined) say(T.register.whole);
    else say(problem, 'bad');
  };
  return (
    <Panel title={T.register.title}>
      <p>{T.register.intro}</p>
      <div class="actions">
        <Button
          icon="lock"
          busy={busy}
          busyWords={T.register.verifying}
          onPress={() => run(verify)}
        >
          {T.register.verify}
        </Button>
        <ButtonLink icon="download" href="api/contactless/register.csv" download>
          {T.register.csv}
        </ButtonLink>
        <ButtonLink icon="download" href="api/contactless/register.json" download>
          {T.register.json}
        </ButtonLink>
      </div>
      {found !== undefined && <Found found={found} />}
    </Panel>
  );
};

const Found = ({ found }: { readonly found: Answer<RegisterCheck> }) => {
  if (isRefusal(found)) return <Badge tone="bad">{found.error}</Badge>;
  const { entries, head, problem } = found;
  return (
    <div class="found">
      <Badge tone={problem === undefined ? 'good' : 'bad'}>
        {problem === undefined ? T.register.whole : T.register.broken}
      </Badge>
      {problem !== undefined && <p class="strong">{problem}</p>}
      <p class="quiet">{fill(T.register.entries, { entries: `${entries}` })}</p>
      {head !== '' && <code class="hash">{head}</code>}
    </div>
  );
};

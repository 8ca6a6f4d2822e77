import type { AuditView } from '../../api.ts';
import { useConsole } from '../console-context.ts';
import { Badge } from '../pieces/badge.tsx';
import { Nothing, Page, Pending } from '../pieces/page.tsx';
import { T } from '../texts.ts';
import { useLoad } from '../use-load.ts';
import { fill, wordsOf } from '../words.ts';

/** Who did what, and what was refused; newest first. */
export const AuditPage = () => {
  const { value, refusal, reload } = useLoad<AuditView>('audit');
  const { format } = useConsole();
  return (
    <Page title={T.audit.title} intro={T.audit.intro}>
      {value === undefined ? (
        <Pending {...(refusal === undefined ? {} : { refusal })} reload={reload} />
      ) : (
        <>
          {value.lines.length === 0 && <Nothing>{T.audit.none}</Nothing>}
          <ol class="rows audit">
            {value.lines.map((line) => (
              <li class="row" key={line.sequence}>
                <span class="row-when">
                  <time dateTime={new Date(line.atMs).toISOString()}>
                    {format.date(line.atMs)}
                    <small>{format.time(line.atMs)}</small>
                  </time>
                </span>
                <span class="row-card">
                  <strong>{line.says}</strong>
                  <small>
                    {line.person} ({wordsOf(T.roles, line.role)}, {T.audit.from[line.from]}) ·{' '}
                    {line.action} {line.subject} ·{' '}
                    {fill(T.audit.entry, { entry: `${line.sequence}` })}
                  </small>
                </span>
                <Badge tone={line.outcome === 'done' ? 'good' : 'bad'}>
                  {T.audit.outcomes[line.outcome]}
                </Badge>
              </li>
            ))}
          </ol>
        </>
      )}
    </Page>
  );
};

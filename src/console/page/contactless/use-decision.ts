import { useState } from 'preact/hooks';
import type { ContactlessView, DecisionView } from '../../api.ts';
import { isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import { type Errors, errorsFrom } from '../pieces/form.tsx';
import { goTo } from '../route.ts';
import { T } from '../texts.ts';
import { useAction } from '../use-load.ts';
import { fill } from '../words.ts';
import { type Draft, newDraft } from './draft.ts';
import { requestOf, supersedable } from './request.ts';
import { usePreview } from './use-preview.ts';

/** "anew": the first decision of a new register, as the old one can't be read. */
export type Asked = 'off' | 'on' | 'anew';

// As the server names them.
const FIELDS = [
  'scope',
  'reason',
  'from',
  'until',
  'hours',
  'texts',
  'alternatives',
  'supersedes',
] as const;

/** A decision while it is made: what was typed, what is wrong, what it would do, and the yes. */
export const useDecision = (asked: Asked, view: ContactlessView) => {
  const { client, format, session, say } = useConsole();
  const history = asked === 'anew' ? [] : view.history;
  const [draft, setDraft] = useState<Draft>(() => {
    const inForce = asked === 'on' ? view.summary.inForce : [];
    const action = asked === 'on' ? 'on' : 'off';
    return newDraft(action, view.options, inForce, format, session.currency);
  });
  const [errors, setErrors] = useState<Errors>({});
  const [confirming, setConfirming] = useState(false);
  const { busy, run } = useAction();
  const make = () => {
    const place = { nowMs: Date.now(), timeZone: session.timeZone, format };
    return requestOf(draft, place, history);
  };
  const made = make();
  const preview = usePreview(made, asked === 'anew');
  const refuse = (found: Errors): void => {
    setConfirming(false);
    setErrors(found);
  };
  const look = async (): Promise<void> => {
    const found = asked === 'anew' ? undefined : await preview.ask();
    if (isRefusal(found)) return refuse(errorsFrom(found, FIELDS));
    if (found !== undefined && 'problem' in found) {
      const { field, problem } = found.problem;
      return refuse(errorsFrom({ field, error: problem }, FIELDS));
    }
    setErrors({});
    setConfirming(true);
  };
  const decide = async (): Promise<void> => {
    const path = asked === 'anew' ? 'contactless/anew' : 'contactless/decisions';
    const answer = await client.send<DecisionView>('POST', path, make().request);
    if (isRefusal(answer)) return refuse(errorsFrom(answer, FIELDS));
    say(answer.state === 'proposed' ? fill(T.form.proposed, { says: answer.says }) : answer.says);
    goTo('contactless');
  };
  return {
    draft,
    change: (some: Partial<Draft>): void => setDraft((before) => ({ ...before, ...some })),
    errors,
    busy,
    preview: preview.state,
    confirming,
    candidates: supersedable(history),
    superseded: made.request.supersedes,
    check: () => (Object.keys(made.errors).length > 0 ? refuse(made.errors) : run(look)),
    decide: () => run(decide),
    goBack: () => setConfirming(false),
  };
};

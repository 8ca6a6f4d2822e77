import { useEffect, useRef, useState } from 'preact/hooks';
import type { PreviewView } from '../../api.ts';
import { type Answer, isRefusal } from '../api-client.ts';
import { useConsole } from '../console-context.ts';
import type { requestOf } from './request.ts';

/** What the server says that a decision would do. */
export type PreviewState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'problem'; readonly problem: string }
  | ({ readonly kind: 'found' } & Exclude<PreviewView, { problem: unknown }>);

interface Previewing {
  readonly state: PreviewState;
  /** Asks now, for the decision as it stands. */
  readonly ask: () => Promise<Answer<PreviewView>>;
}

/** As long as somebody types, the server isn't asked. */
const QUIET_MS = 350;

type Made = ReturnType<typeof requestOf>;

/** Asks what a decision would do each time that it has changed. Nothing is written. */
export const usePreview = ({ request, errors }: Made, anew: boolean): Previewing => {
  const { client } = useConsole();
  const [state, setState] = useState<PreviewState>({ kind: 'asking' });
  const latest = useRef(0);
  const ask = async (asked: unknown): Promise<Answer<PreviewView>> => {
    const number = ++latest.current;
    const answer = await client.send<PreviewView>('POST', 'contactless/preview', asked);
    // What was asked later is shown; whoever asked this one goes by its own answer.
    if (number === latest.current) setState(stateOf(answer));
    return answer;
  };
  // A reason is asked for at the end; what the decision does can be told before.
  const incomplete = Object.keys(errors).some((field) => !field.startsWith('reason'));
  const { category, text } = request.reason;
  const reason = { category: category || 'other', text: text || '…' };
  const body = JSON.stringify({ ...request, reason });
  useEffect(() => {
    if (anew) return setState({ kind: 'incomplete' });
    if (incomplete) {
      latest.current += 1;
      return setState({ kind: 'incomplete' });
    }
    const timer = window.setTimeout(() => ask(JSON.parse(body)), QUIET_MS);
    return () => window.clearTimeout(timer);
  }, [body, incomplete]);
  return { state, ask: () => ask(request) };
};

const stateOf = (answer: Answer<PreviewView>): PreviewState => {
  if (isRefusal(answer)) return { kind: 'problem', problem: answer.error };
  if ('problem' in answer) return { kind: 'problem', problem: answer.problem.problem };
  return { kind: 'found', ...answer };
};

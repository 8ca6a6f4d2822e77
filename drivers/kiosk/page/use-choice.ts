import { useRef, useState } from 'preact/hooks';
import type { Choice } from '#ports/customer-display.ts';
import type { Touch } from '../message.ts';
import type { Picture } from './use-terminal.ts';

export interface Choosing {
  /** What was touched of the view that is shown, unless it came to nothing. */
  readonly taken: Choice['id'] | undefined;
  readonly choose: (id: Choice['id']) => void;
}

/** A terminal that hasn't answered by then is not there, and the choice can be touched again. */
const ANSWER_MS = 3000;

/** Tells the terminal what is touched: once for each view, however often it is touched. */
export function useChoice(picture: Picture): Choosing {
  const [taken, setTaken] = useState<{ readonly cue: string; readonly id: Choice['id'] }>();
  // Two touches may come before the first is drawn.
  const busy = useRef<string>(undefined);
  const shown = picture.kind === 'view' ? picture : undefined;
  const choose = (id: Choice['id']) => {
    if (shown === undefined || busy.current === shown.cue) return;
    const { cue, run, view } = shown;
    busy.current = cue;
    setTaken({ cue, id });
    void send({ run, sequence: view.sequence, id }).then((arrived) => {
      if (arrived || busy.current !== cue) return;
      busy.current = undefined;
      setTaken(undefined);
    });
  };
  return { taken: taken?.cue === shown?.cue ? taken?.id : undefined, choose };
}

async function send(touch: Touch): Promise<boolean> {
  try {
    const answer = await fetch('choice', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(touch),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

import { useRef, useState } from 'preact/hooks';
import type { Choice } from '#ports/customer-display.ts';
import type { Touch } from '../message.ts';
import { post } from './post.ts';
import type { Picture } from './use-terminal.ts';

export interface Choosing {
  /** What was touched of the view that is shown, unless it came to nothing. */
  readonly taken: Choice['id'] | undefined;
  readonly choose: (id: Choice['id']) => void;
}

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
    const touch: Touch = { run, sequence: view.sequence, id };
    void post('choice', touch).then((arrived) => {
      if (arrived || busy.current !== cue) return;
      busy.current = undefined;
      setTaken(undefined);
    });
  };
  return { taken: taken?.cue === shown?.cue ? taken?.id : undefined, choose };
}

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isRefusal, type Refusal } from './api-client.ts';
import { useConsole } from './console-context.ts';

/** What the server said to a question: nothing yet, a value, or why not. */
export interface Loaded<T> {
  readonly value?: T;
  readonly refusal?: Refusal;
  readonly reload: () => void;
  /** What an action answered with takes its place. */
  readonly put: (value: T) => void;
}

/** Asks when a page opens, and again when the path changes or somebody says `reload`. */
export const useLoad = <T>(path: string): Loaded<T> => {
  const { client } = useConsole();
  const [state, setState] = useState<{ value?: T; refusal?: Refusal }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = round >= 0;
    client.get<T>(path).then((answer) => {
      if (!current) return;
      setState((before) =>
        isRefusal(answer) ? { ...before, refusal: answer } : { value: answer },
      );
    });
    return () => {
      current = false;
    };
  }, [client, path, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const put = useCallback((value: T) => setState({ value }), []);
  return { ...state, reload, put };
};

/** One action at a time: a second press while the first is under way does nothing. */
export const useAction = (): {
  readonly busy: boolean;
  readonly run: (act: () => Promise<void>) => void;
} => {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const run = (act: () => Promise<void>): void => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    act().finally(() => {
      running.current = false;
      setBusy(false);
    });
  };
  return { busy, run };
};

import { useState } from 'preact/hooks';
import { useCountdown } from './use-countdown.ts';

interface Lock {
  readonly on: boolean;
  /** "0:27" */
  readonly left: string;
  /** It was on, and this name may try again. */
  readonly isOver: boolean;
  readonly begin: (ms: number) => void;
}

/** A lock-out is one name's: somebody else may sign in meanwhile. */
export const useLock = (name: string): Lock => {
  const [lockedName, setLockedName] = useState<string>();
  const wait = useCountdown();
  const isMeant = name.trim() === lockedName;
  return {
    on: isMeant && wait.secondsLeft > 0,
    left: wait.text,
    isOver: isMeant && wait.secondsLeft === 0,
    begin: (ms) => {
      setLockedName(name.trim());
      wait.start(ms);
    },
  };
};

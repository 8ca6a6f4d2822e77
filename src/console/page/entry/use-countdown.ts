import { useEffect, useState } from 'preact/hooks';

interface Countdown {
  readonly secondsLeft: number;
  /** "0:27" */
  readonly text: string;
  readonly start: (ms: number) => void;
}

/** Counts down to the moment at which it makes sense to try again. */
export const useCountdown = (): Countdown => {
  const [endMs, setEndMs] = useState(0);
  const [nowMs, setNowMs] = useState(0);
  useEffect(() => {
    if (endMs === 0) return;
    const timer = window.setInterval(() => {
      setNowMs(Date.now());
      if (Date.now() >= endMs) window.clearInterval(timer);
    }, TICK_MS);
    return () => window.clearInterval(timer);
  }, [endMs]);
  const secondsLeft = Math.max(0, Math.ceil((endMs - nowMs) / 1000));
  const seconds = `${secondsLeft % 60}`.padStart(2, '0');
  return {
    secondsLeft,
    text: `${Math.floor(secondsLeft / 60)}:${seconds}`,
    start: (ms) => {
      setNowMs(Date.now());
      setEndMs(Date.now() + ms);
    },
  };
};

const TICK_MS = 250;

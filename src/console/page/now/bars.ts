import type { TapTimes } from '#terminal/types.ts';

export interface Bar {
  readonly command: string;
  readonly startMs: number;
  readonly ms: number;
  readonly whose: 'card' | 'own';
}

/**
 * A tap's time as bars. Only how long each command took is known, not when it began: the commands
 * follow one another, and what is left of the whole is the terminal's own.
 */
export const barsOf = ({ commands, ownMs }: TapTimes): readonly Bar[] => {
  let startMs = 0;
  const bars: Bar[] = commands.map(({ command, ms }) => {
    const bar = { command, startMs, ms, whose: 'card' } as const;
    startMs += ms;
    return bar;
  });
  return [...bars, { command: '', startMs, ms: ownMs, whose: 'own' }];
};

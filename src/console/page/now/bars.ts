import type { TapTimes } from '#terminal/types.ts';

export interface Stretch {
  readonly startMs: number;
  readonly ms: number;
}

/** A row of the picture: one command, or all that is the terminal's own. */
export interface Row {
  readonly command: string;
  readonly whose: 'card' | 'own';
  readonly ms: number;
  readonly stretches: readonly Stretch[];
}

/** A tap's time as rows: each command where it was, and ours in the gaps that they leave. */
export const rowsOf = ({ commands, totalMs, ownMs }: TapTimes): readonly Row[] => {
  const rows = commands.map(
    ({ command, startMs, ms }): Row => ({
      command,
      whose: 'card',
      ms,
      stretches: [{ startMs, ms }],
    }),
  );
  const ends = [0, ...commands.map(({ startMs, ms }) => startMs + ms)];
  const begins = [...commands.map(({ startMs }) => startMs), totalMs];
  const gaps = ends.map((endMs, at) => ({ startMs: endMs, ms: (begins[at] ?? endMs) - endMs }));
  const ours = gaps.filter(({ ms }) => ms > 0);
  return [...rows, { command: '', whose: 'own', ms: ownMs, stretches: ours }];
};

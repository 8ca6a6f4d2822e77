import type { TapTimes } from '#terminal/types.ts';
import { useConsole } from '../console-context.ts';
import { T } from '../texts.ts';
import { type Row, rowsOf } from './bars.ts';

/**
 * The commands of a tap, each where it was, and ours between them. It is a table with a picture
 * in each row, so that who can't see the bars has the same figures.
 */
export const Waterfall = ({ times }: { readonly times: TapTimes }) => {
  const { format } = useConsole();
  return (
    <table class="waterfall">
      <caption class="spoken">{T.now.waterfall}</caption>
      <thead>
        <tr>
          <th scope="col">{T.now.command}</th>
          <th scope="col" class="waterfall-track">
            <span class="spoken">{T.now.picture}</span>
            <span class="scale" aria-hidden="true">
              <span>0</span>
              <span>{format.duration(times.totalMs / 2)}</span>
              <span>{format.duration(times.totalMs)}</span>
            </span>
          </th>
          <th scope="col" class="figure">
            {T.now.time}
          </th>
        </tr>
      </thead>
      <tbody>
        {rowsOf(times).map((row, index) => (
          <tr key={`${index} ${row.command}`} data-whose={row.whose}>
            <th scope="row">{row.whose === 'own' ? T.now.ours : row.command}</th>
            <td class="waterfall-track">
              <Picture row={row} totalMs={times.totalMs} />
            </td>
            <td class="figure">{format.duration(row.ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

// A field of 1000 by 20, stretched to its place; at least so wide that it can be seen.
const WIDTH = 1000;
const THINNEST = 6;

const Picture = ({ row, totalMs }: { readonly row: Row; readonly totalMs: number }) => {
  const scale = totalMs > 0 ? WIDTH / totalMs : 0;
  const widthOf = (ms: number): number => Math.max(ms * scale, THINNEST);
  return (
    <svg
      class="bar"
      viewBox={`0 0 ${WIDTH} 20`}
      preserveAspectRatio="none"
      aria-hidden="true"
      data-whose={row.whose}
    >
      <rect class="bar-ground" x="0" y="9" width={WIDTH} height="2" />
      {row.stretches.map(({ startMs, ms }) => (
        <rect
          key={startMs}
          class="bar-time"
          x={Math.min(startMs * scale, WIDTH - widthOf(ms))}
          y="3"
          width={widthOf(ms)}
          height="14"
        />
      ))}
    </svg>
  );
};

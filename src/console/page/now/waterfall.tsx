import type { TapTimes } from '#terminal/types.ts';
import { useConsole } from '../console-context.ts';
import { T } from '../texts.ts';
import { type Bar, barsOf } from './bars.ts';

/**
 * The commands of a tap in their order, card time as bars, then ours. It is a table with a picture
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
        {barsOf(times).map((bar, row) => (
          <tr key={`${row} ${bar.command}`} data-whose={bar.whose}>
            <th scope="row">{bar.whose === 'own' ? T.now.ours : bar.command}</th>
            <td class="waterfall-track">
              <BarPicture bar={bar} totalMs={times.totalMs} />
            </td>
            <td class="figure">{format.duration(bar.ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

// A field of 1000 by 20, stretched to its place; at least so wide that it can be seen.
const WIDTH = 1000;
const THINNEST = 6;

const BarPicture = ({ bar, totalMs }: { readonly bar: Bar; readonly totalMs: number }) => {
  const scale = totalMs > 0 ? WIDTH / totalMs : 0;
  const width = Math.max(bar.ms * scale, THINNEST);
  const x = Math.min(bar.startMs * scale, WIDTH - width);
  return (
    <svg
      class="bar"
      viewBox={`0 0 ${WIDTH} 20`}
      preserveAspectRatio="none"
      aria-hidden="true"
      data-whose={bar.whose}
    >
      <rect class="bar-ground" x="0" y="9" width={WIDTH} height="2" />
      <rect class="bar-time" x={x} y="3" width={width} height="14" />
    </svg>
  );
};

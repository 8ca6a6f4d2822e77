/**
 * Times sales that reach a whole terminal by its control socket, as the command line's do, by nexo
 * and by encrypted nexo, in turns, with the card already there; and prints what nexo costs:
 *   node scripts/measure-till.ts [--sales 100] [--tills 100]
 * With --tills the same goes on with so many tills connected that do nothing, each by a kept
 * connection and a WebSocket. Ends with 1 where nexo costs more than 3 ms at the median.
 */
import { parseArgs } from 'node:util';
import {
  median,
  startTillBench,
  type TimedSale,
  timeInTurns,
  WAYS,
  type Way,
} from '#test/support/till-bench.ts';

const { values } = parseArgs({
  options: {
    sales: { type: 'string', default: '100' },
    tills: { type: 'string', default: '0' },
  },
});
const [sales, tills] = [Number(values.sales), Number(values.tills)];
const MOST_MS = 3;
/** Most of what is compiled is, after these. */
const WARM_UP = 20;

const of = (timed: ReadonlyMap<Way, readonly TimedSale[]>, way: Way, field: keyof TimedSale) =>
  median((timed.get(way) ?? []).map((one) => one[field]));

const print = (timed: ReadonlyMap<Way, readonly TimedSale[]>): void => {
  for (const way of WAYS) {
    const total = of(timed, way, 'totalMs');
    const more = (total - of(timed, 'command line', 'totalMs')).toFixed(2);
    const own = of(timed, way, 'ownMs').toFixed(2);
    console.log(`${way}: ${total.toFixed(2)} ms, ${more} more; of a tap its own: ${own} ms`);
  }
};

const bench = await startTillBench();
let excess = Number.POSITIVE_INFINITY;
try {
  await timeInTurns(bench, WARM_UP);
  const alone = await timeInTurns(bench, sales);
  console.log(`medians of ${sales} sales each:`);
  print(alone);
  excess = of(alone, 'nexo', 'totalMs') - of(alone, 'command line', 'totalMs') - MOST_MS;
  if (tills > 0) {
    await bench.connectTills(tills);
    const among = await timeInTurns(bench, sales);
    console.log(`with ${tills} tills connected:`);
    print(among);
  }
} finally {
  await bench.close();
}
process.exit(excess > 0 ? 1 : 0);

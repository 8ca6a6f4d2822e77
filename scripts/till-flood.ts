/**
 * Floods a whole terminal's line for tills with connections, each tenth with a body that never
 * ends, from a process of its own, while one till goes on selling; and prints how long its sales
 * took before, meanwhile and after:
 *   node scripts/till-flood.ts [--connections 10000] [--at-once 400] [--sales 60]
 * Ends with 1 when a sale was not approved, or the line holds more connections than it should.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, startTillBench, type TimedSale } from '#test/support/till-bench.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    'at-once': { type: 'string', default: '400' },
    sales: { type: 'string', default: '60' },
  },
});
const MOST = 400;
const FLOOD = fileURLToPath(new URL('../test/support/flood-process.ts', import.meta.url));

const describe = (when: string, sales: readonly TimedSale[]): string => {
  const of = (field: keyof TimedSale) => {
    const times = sales.map((one) => one[field]);
    return `median ${median(times).toFixed(2)} ms, maximum ${Math.max(...times).toFixed(1)} ms`;
  };
  return `${when}, ${sales.length} sales: ${of('totalMs')}; a tap's own: ${of('ownMs')}`;
};

const bench = await startTillBench();
let held = 0;
try {
  const sell = async (more: (done: number) => boolean): Promise<readonly TimedSale[]> => {
    const sales: TimedSale[] = [];
    while (more(sales.length)) sales.push(await bench.sale('nexo'));
    return sales;
  };
  const enough = (done: number) => done < Number(values.sales);
  await sell((done) => done < 20);
  console.log(describe('before', await sell(enough)));
  const memory = await bench.terminal.residentBytes();
  const flood = fork(FLOOD, [`${bench.port}`, values.connections, values['at-once']]);
  const told: Promise<unknown[]> = once(flood, 'message');
  let over = false;
  void told.then(() => {
    over = true;
  });
  console.log(describe('meanwhile', await sell((done) => !over || enough(done))));
  const [{ came, held: left }] = (await told) as [{ came: number; held: number }];
  held = left;
  const grown = ((await bench.terminal.residentBytes()) - memory) / 1e6;
  console.log(`${came} connections came, ${held} were held; ${grown.toFixed(0)} MB more`);
  console.log(describe('after', await sell(enough)));
} finally {
  await bench.close();
}
process.exit(held < MOST ? 0 : 1);

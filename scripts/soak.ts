/**
 * Takes payments one after another, with journal, keys and host as in a shop, and watches memory
 * and time:
 *   npm run soak -- [--reader in-process|pcsc] [--taps 2000]
 * Ends with 1 when a payment isn't approved, when memory at the end is over 5 % above what it was
 * after the first payments (2,000, or a tenth of a shorter run), or when the terminal's own time is
 * over 5 ms a tap at the median.
 */
import { parseArgs } from 'node:util';
import { call } from '#drivers/control/index.ts';
import {
  isCardFileProblem,
  memoryStore,
  openCard,
  presentToVpcd,
} from '#drivers/simulated/index.ts';
import { isFault } from '#ports/fault.ts';
import type { SaleResult } from '#terminal/types.ts';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

const { values } = parseArgs({
  options: {
    reader: { type: 'string', default: 'in-process' },
    taps: { type: 'string', default: '2000' },
  },
});
const taps = Number(values.taps);
const throughPcscd = values.reader === 'pcsc';

const pcscd = throughPcscd ? await startPcscd() : undefined;
const terminal = await runTerminal({
  reader: throughPcscd ? 'pcsc' : 'in-process',
  ...(pcscd ? { socketPath: pcscd.socketPath } : {}),
});
const own: number[] = [];
const EVERY = 200;
const SAMPLES = 5;
const warmUp = Math.min(2000, Math.ceil(taps / 10 / EVERY) * EVERY);
/** Every so many payments, from the end of the warm-up on. */
const resident: number[] = [];
let failed = 0;
const card = openCard('visa-phone', { store: memoryStore() });
if (isCardFileProblem(card)) throw new Error(card.problem);
console.log(`idle: ${megabytes(await terminal.residentBytes())}`);
for (let tap = 1; tap <= taps; tap++) {
  const result = await pay(terminal, pcscd);
  if (result.status !== 'approved') {
    failed += 1;
    console.log(`tap ${tap}: ${result.status}: ${result.reason}`);
  }
  own.push(result.tap?.ownMs ?? Number.POSITIVE_INFINITY);
  if (tap % EVERY === 0 || tap === taps) {
    const bytes = await terminal.residentBytes();
    if (tap >= warmUp) resident.push(bytes);
    console.log(`${tap} taps: ${megabytes(bytes)}, own time ${describe(own)}`);
  }
}
await terminal.close();
await pcscd?.close();

// Collections come and go: several samples at either end, not one.
const first = mean(resident.slice(0, SAMPLES));
const last = mean(resident.slice(-SAMPLES));
const growth = last / first - 1;
const median = own.toSorted((a, b) => a - b)[Math.floor(own.length / 2)] ?? 0;
console.log(
  `${taps - failed} of ${taps} approved; memory ${megabytes(first)} after ${warmUp} taps, ` +
    `${megabytes(last)} at the end: ${(growth * 100).toFixed(1)} % more; ` +
    `own time ${median} ms at the median`,
);
process.exit(failed > 0 || growth > 0.05 || median > 5 ? 1 : 0);

async function pay(at: RunningTerminal, service: Pcscd | undefined): Promise<SaleResult> {
  if (service === undefined || isCardFileProblem(card)) return at.pay('visa-phone');
  const socket = `${at.state}/run/countertap.sock`;
  const paying = call(socket, { op: 'sale', amountMinor: 100, currency: 840 });
  await presentToVpcd(card, { port: service.vpcdPort });
  const answer = await paying;
  if (isFault(answer)) throw new Error(answer.detail);
  return answer['result'] as SaleResult;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function describe(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return `min ${at(0)} ms, median ${at(0.5)} ms, 99 % ${at(0.99)} ms, max ${at(1)} ms`;
}

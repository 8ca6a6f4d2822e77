/**
 * Damages what cards answer and watches Entry Point and the kernels:
 *   npm run fuzz [-- --count 1000000] [--seed 1]
 * Ends with 1 when something throws, runs for ever, or approves offline on altered ground.
 */
import { parseArgs } from 'node:util';
import { trusting as trustingMastercard } from '#test/kernels/c2/signing-card.ts';
import { newKeys, trusting as trustingVisa } from '#test/kernels/c3/offline-card.ts';
import { trusting as trustingAmex } from '#test/kernels/c4/support.ts';
import { trusting as trustingJcb } from '#test/kernels/c5/signing-card.ts';
import { trusting as trustingDiscover } from '#test/kernels/c6/support.ts';
import { trusting as trustingUnionPay } from '#test/kernels/c7/support.ts';
import { TRUST } from '#test/kernels/c8/support.ts';
import {
  amexOffline,
  commonKernel,
  discoverOffline,
  jcb,
  mastercard,
  type RecordedTap,
  unionPayOffline,
  visaOffline,
  visaOfTwelve,
  visaOnline,
} from './bench/taps.ts';
import { fuzz } from './fuzz/run.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);

const keys = newKeys(176, 144, 128);
const taps: readonly (readonly [string, RecordedTap])[] = [
  ['Visa online', visaOnline()],
  ['Visa online, 12 entries', visaOfTwelve()],
  ['Visa offline, fDDA', visaOffline(keys, trustingVisa(keys))],
  ['Mastercard online, CDA', mastercard(keys, trustingMastercard(keys), 'online')],
  ['Mastercard offline, CDA', mastercard(keys, trustingMastercard(keys), 'offline')],
  ['American Express offline, CDA', amexOffline(keys, trustingAmex(keys))],
  ['JCB online, CDA', jcb(keys, trustingJcb(keys), 'online')],
  ['JCB offline, CDA', jcb(keys, trustingJcb(keys), 'offline')],
  ['Discover offline, CDA', discoverOffline(keys, trustingDiscover(keys))],
  ['UnionPay offline, fDDA', unionPayOffline(keys, trustingUnionPay(keys))],
  ['Kernel 8 offline', commonKernel(TRUST, 'offline')],
];

let failures = 0;
let exchanges = 0;
const began = performance.now();
for (const [index, [name, tap]] of taps.entries()) {
  const report = fuzz(tap, Math.ceil(count / taps.length), seed + index);
  exchanges += report.mutated;
  failures += report.failures.length;
  const outcomes = [...report.outcomes].map(([outcome, times]) => `${outcome} ${times}`).join(', ');
  console.log(`${name}: ${report.taps} taps, ${report.mutated} damaged answers: ${outcomes}`);
  for (const failure of report.failures.slice(0, 5)) console.log(`  ${failure}`);
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `seed ${seed}: ${exchanges} damaged answers in ${seconds.toFixed(0)} s, ${failures} failures`,
);
process.exitCode = failures === 0 ? 0 : 1;

/**
 * How long Entry Point and kernels take for a tap, from PPSE to outcome, in process: a card's
 * recorded answers are played back without a reader, and each tap is timed by itself. Then how long
 * a message to the host takes, beside npm's iso_8583; and how long it takes from a cryptogram to
 * the request on the wire, beside the disk's own time.
 *   npm run bench [-- --rounds 2000] [--json]
 */
import { parseArgs } from 'node:util';
import type { Authentication } from '#kernels/shared/kernel.ts';
import { issuerKeyCache } from '#oda/index.ts';
import { trusting as trustingMastercard } from '#test/kernels/c2/signing-card.ts';
import { type Keys, newKeys, trusting as trustingVisa } from '#test/kernels/c3/offline-card.ts';
import { trusting as trustingDiscover } from '#test/kernels/c6/support.ts';
import { trusting as trustingUnionPay } from '#test/kernels/c7/support.ts';
import { TRUST } from '#test/kernels/c8/support.ts';
import { type Comparison, compareCodecs } from './bench/codec.ts';
import { type Figures, measure, type Run } from './bench/measure.ts';
import {
  commonKernel,
  discoverOffline,
  discoverOnline,
  mastercard,
  unionPayOffline,
  unionPayOnline,
  visaOffline,
  visaOfTwelve,
  visaOnline,
} from './bench/taps.ts';
import { measureWire, median, type WireTimes } from './bench/wire.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3000' },
    json: { type: 'boolean', default: false },
  },
});

/** The same tap twice: every issuer key recovered anew, and kept from earlier taps. */
const withAndWithoutCache = (
  name: string,
  record: (authentication: Authentication) => Run['tap'],
  authentication: Authentication,
): readonly Run[] => [
  { name, tap: record(authentication), authentication },
  {
    name: `${name}, issuer key kept`,
    tap: record(authentication),
    authentication: { ...authentication, issuerKeys: issuerKeyCache() },
  },
];

const signedTaps = (keys: Keys, bits: string): readonly Run[] => {
  const visa = trustingVisa(keys);
  const card = trustingMastercard(keys);
  return [
    ...withAndWithoutCache(`Visa offline, fDDA, ${bits}`, (a) => visaOffline(keys, a), visa),
    ...withAndWithoutCache(
      `Discover offline, CDA, ${bits}`,
      (a) => discoverOffline(keys, a),
      trustingDiscover(keys),
    ),
    ...withAndWithoutCache(
      `UnionPay offline, fDDA, ${bits}`,
      (a) => unionPayOffline(keys, a),
      trustingUnionPay(keys),
    ),
    ...withAndWithoutCache(
      `Mastercard online, CDA, ${bits}`,
      (a) => mastercard(keys, a, 'online'),
      card,
    ),
    ...withAndWithoutCache(
      `Mastercard offline, CDA, ${bits}`,
      (a) => mastercard(keys, a, 'offline'),
      card,
    ),
  ];
};

// Bytes of certification authority, issuer and card. At 1984 bits a Mastercard answer would be
// longer than a real card's can be.
const runs: readonly Run[] = [
  { name: 'Visa online, no signature', tap: visaOnline() },
  { name: 'Discover online, no signature', tap: discoverOnline() },
  { name: 'UnionPay online, no signature', tap: unionPayOnline() },
  { name: 'Visa online, PPSE with 12 entries', tap: visaOfTwelve() },
  { name: 'Kernel 8 online, P-256', tap: commonKernel(TRUST, 'online') },
  { name: 'Kernel 8 offline, P-256', tap: commonKernel(TRUST, 'offline') },
  ...signedTaps(newKeys(248, 176, 128), '1408/1024'),
  ...signedTaps(newKeys(248, 248, 248), '1984/1984'),
];

const figures = measure(runs, Number(values.rounds));
const codecs = compareCodecs(Math.ceil(Number(values.rounds) / 30));
const wire = await measureWire(Math.ceil(Number(values.rounds) / 10));
if (values.json) console.log(JSON.stringify({ taps: figures, codecs, wire: wireFigures(wire) }));
else console.log(`${table(figures)}\n\n${codecTable(codecs)}\n\n${wireTable(wire)}`);

function table(rows: readonly Figures[]): string {
  const us = (value: number) => value.toFixed(1).padStart(8);
  const head = `${'tap'.padEnd(46)}  min µs   median      max  bytes`;
  const lines = rows.map(({ name, min, median, max, bytes }) =>
    [name.padEnd(44), us(min), us(median), us(max), String(bytes).padStart(6)].join(' '),
  );
  return [head, ...lines].join('\n');
}

function wireFigures({ toWire, disk, bytes }: WireTimes) {
  const [whole, plain] = [median(toWire), median(disk)];
  return { payments: toWire.length, toWireMs: whole, diskMs: plain, ownMs: whole - plain, bytes };
}

function wireTable(times: WireTimes): string {
  const { payments, toWireMs, diskMs, ownMs, bytes } = wireFigures(times);
  const ms = (value: number) => value.toFixed(2).padStart(8);
  return [
    `${`median of ${payments} payments`.padEnd(46)}       ms`,
    ['cryptogram to request on the wire'.padEnd(46), ms(toWireMs)].join(' '),
    [`the same disk: ${bytes} bytes and fsync`.padEnd(46), ms(diskMs)].join(' '),
    ['beyond the disk'.padEnd(46), ms(ownMs)].join(' '),
  ].join('\n');
}

function codecTable(rows: readonly Comparison[]): string {
  const us = (value: number) => value.toFixed(2).padStart(8);
  const head = `${'message of 16 fields'.padEnd(46)}  ours µs  iso_8583  times faster`;
  const lines = rows.map(({ name, ours, theirs, ratio }) =>
    [name.padEnd(46), us(ours), us(theirs).padStart(9), us(ratio)].join(' '),
  );
  return [head, ...lines].join('\n');
}

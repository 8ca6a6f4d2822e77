// Runs in the virtual machine of scripts/hid-proof: scanners made with /dev/uhid, read through the
// machine's kernel by the driver as the terminal opens it. expected.txt has the lines it prints.
import { filter, firstValueFrom, map, type Observable, ReplaySubject, timeout } from 'rxjs';
import { openHidScanner } from '#drivers/hid/index.ts';
import type { ScannedCode } from '#ports/code-scanner.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { HONEYWELL, honeywellReport, honeywellReports } from '../descriptors.ts';
import { proveFirmware } from './firmware.ts';
import { type Plugged, plugIn } from './uhid.ts';

const PATIENCE_MS = 40_000;
// What the codes say is nobody's money: a trade item's number, and digits in a row.
const SHORT = '4006381333931';
const LONG = '0123456789'.repeat(15);

const say = (line: string): void => {
  process.stdout.write(`proof: ${line}\n`);
};
const silent = (): void => {};
const log = { debug: silent, info: silent, warn: silent, error: silent };

const scanner = openHidScanner({ log, monotonicMs: () => performance.now() });
// Each thing is told once, however early it comes.
const scans: ScannedCode[] = [];
const heard: string[] = [];
const happened = new ReplaySubject<void>(1);
scanner.scans$.subscribe((scan) => {
  scans.push(scan);
  happened.next();
});
const hear = (line: string): void => {
  heard.push(line);
  happened.next();
};

const when = <T>(source$: Observable<T>, what: string, is: (value: T) => boolean): Promise<T> =>
  firstValueFrom(
    source$.pipe(
      filter(is),
      timeout({
        first: PATIENCE_MS,
        with: () => {
          throw new Error(`waited in vain for: ${what}`);
        },
      }),
    ),
  );

const ready = async (count: number): Promise<void> => {
  const rows = await when(scanner.devices$, `${count} ready`, (all) => readyOf(all) === count);
  for (const row of rows) say(`${row.place} ${row.name}: ${row.kind}, ${row.health.health}`);
};
const readyOf = (rows: readonly AttachedDevice[]): number =>
  rows.filter(({ health }) => health.health !== 'absent').length;

const nextScan = async (): Promise<void> => {
  const scan = await when(happened.pipe(map(() => scans.shift())), 'a code', isThere);
  say(`${scan?.place} ${scan?.symbology} ${scan?.text.length} characters: ${scan?.text}`);
};
const nextHeard = async (): Promise<void> => {
  say(`the scanner heard: ${await when(happened.pipe(map(() => heard.shift())), 'it', isThere)}`);
};
const isThere = (value: unknown): boolean => value !== undefined;

const plug = (serial: string): Plugged =>
  plugIn({
    name: 'Virtual HID POS Scanner',
    vendorId: 0x0c2e,
    productId: 0x0b01,
    serial,
    descriptor: HONEYWELL,
    heard: hear,
  });
const send = (to: Plugged, reports: readonly Uint8Array[]): void => {
  for (const report of reports) to.send(report);
};

const oneScanner = async (): Promise<void> => {
  const first = plug('1');
  await ready(1);
  await nextHeard();
  send(first, honeywellReports(SHORT, ']E0'));
  await nextScan();
  send(first, honeywellReports(LONG));
  await nextScan();
  scanner.signal('good');
  await nextHeard();
  scanner.signal('bad');
  await nextHeard();
  // An id that no report has, a report that is too short, and one whose length can't be.
  send(first, [Uint8Array.of(9, 9, 9), Uint8Array.of(2, 5, 0x5d), impossible()]);
  await attention();
  send(first, [honeywellReport(new Uint8Array(56).fill(0x39), true)]);
  first.unplug();
};

const impossible = (): Uint8Array => honeywellReport(new Uint8Array(56), false).fill(200, 1, 2);

const attention = async (): Promise<void> => {
  const rows = await when(scanner.devices$, 'attention', (all) =>
    all.some(({ health }) => health.health === 'attention'),
  );
  for (const { place, health } of rows) {
    if (health.health === 'attention') say(`${place} attention: ${health.detail}`);
  }
};

const backAgain = async (): Promise<Plugged> => {
  await when(scanner.devices$, 'absent', (rows) => readyOf(rows) === 0);
  say('unplugged in the middle of a code');
  const again = plug('1');
  await ready(1);
  await nextHeard();
  send(again, honeywellReports(SHORT, ']E0'));
  await nextScan();
  return again;
};

const twoScanners = async (one: Plugged): Promise<void> => {
  const other = plug('2');
  await ready(2);
  await nextHeard();
  // Their reports come in turn.
  const [a, b] = [honeywellReports(LONG), honeywellReports(LONG.split('').reverse().join(''))];
  for (let i = 0; i < a.length; i++) {
    send(one, a.slice(i, i + 1));
    send(other, b.slice(i, i + 1));
  }
  await when(happened, 'two codes', () => scans.length === 2);
  scans.sort((x, y) => x.place.localeCompare(y.place));
  await nextScan();
  await nextScan();
  one.unplug();
  other.unplug();
};

say('started');
await oneScanner();
await twoScanners(await backAgain());
await scanner.close();
say(`codes left over: ${scans.length}`);
await proveFirmware(say);
say('done');

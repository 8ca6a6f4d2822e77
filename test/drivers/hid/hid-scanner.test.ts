import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { type HidScanner, type HidScannerOptions, openHidScanner } from '#drivers/hid/index.ts';
import type { HidSighting } from '#drivers/hid/sightings.ts';
import type { HidListener, HidWorld } from '#drivers/hid/world.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { type Fault, fault } from '#ports/fault.ts';
import { HONEYWELL, honeywellReport, honeywellReports, KEYBOARD } from './descriptors.ts';

/** A machine whose devices the test plugs in and out. */
class Machine implements HidWorld {
  readonly sightings: HidSighting[] = [];
  readonly listeners = new Map<string, HidListener>();
  readonly sent: string[] = [];
  refusal: Fault | undefined;
  opens = 0;
  closes = 0;
  private count = 0;

  plugIn(place: string, more: Partial<HidSighting> = {}): HidSighting {
    this.count += 1;
    const sighting = {
      place,
      instance: `0003:0C2E:0B01.${this.count}`,
      vendorId: 0x0c2e,
      productId: 0x0b01,
      name: `Scanner ${place.slice(-1)}`,
      serial: '',
      descriptor: HONEYWELL,
      ...more,
    };
    this.sightings.push(sighting);
    return sighting;
  }
  plugOut(sighting: HidSighting): void {
    this.sightings.splice(this.sightings.indexOf(sighting), 1);
  }
  send(place: string, reports: readonly Uint8Array[]): void {
    for (const report of reports) this.listeners.get(place)?.report(report);
  }
  look: HidWorld['look'] = async () => [...this.sightings];
  open: HidWorld['open'] = async (place, listener) => {
    this.opens += 1;
    if (this.refusal !== undefined) return this.refusal;
    this.listeners.set(place, listener);
    const write = async (report: Uint8Array): Promise<undefined> => {
      this.sent.push(`${place} ${toHex(report)}`);
    };
    const close = async (): Promise<void> => {
      this.closes += 1;
    };
    return { write, writeFeature: write, close };
  };
}

let machine: Machine;
let scanner: HidScanner;
let nowMs: number;
let logged: string;

const open = (options: Partial<HidScannerOptions> = {}): void => {
  const write = (fields: unknown, message: string): void => {
    logged += `${message} ${JSON.stringify(fields)}\n`;
  };
  scanner = openHidScanner({
    log: { debug: write, info: write, warn: write, error: write },
    monotonicMs: () => nowMs,
    lookEveryMs: 1,
    world: machine,
    ...options,
  });
  onTestFinished(() => scanner.close());
};

const rowsWith = (is: (rows: readonly string[]) => boolean): Promise<readonly string[]> =>
  firstValueFrom(scanner.devices$.pipe(filter((all) => is(all.map(line))))).then((all) =>
    all.map(line),
  );
const line = ({ kind, place, health }: AttachedDevice): string =>
  `${kind} ${place} ${health.health}`;
const shows =
  (...wanted: readonly string[]) =>
  (rows: readonly string[]): boolean =>
    rows.length === wanted.length && wanted.every((row) => rows.includes(row));
const detailsOf = async (): Promise<string> =>
  JSON.stringify(await firstValueFrom(scanner.devices$));
const nextScans = (count: number) => firstValueFrom(scanner.scans$.pipe(take(count), toArray()));

beforeEach(() => {
  machine = new Machine();
  nowMs = 1000;
  logged = '';
});

describe('scanners in HID POS mode', () => {
  test('are found when they are plugged in, and their codes told with place and time', async () => {
    open();
    machine.plugIn('/dev/hidraw0');
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
    const scans = nextScans(2);
    nowMs = 5000;
    machine.send('/dev/hidraw0', [
      ...honeywellReports('4006381333931', ']E0'),
      ...honeywellReports('7'.repeat(500)),
    ]);
    expect(await scans).toEqual([
      { text: '4006381333931', symbology: ']E0', place: '/dev/hidraw0', atMs: 5000 },
      { text: '7'.repeat(500), symbology: ']Q1', place: '/dev/hidraw0', atMs: 5000 },
    ]);
  });

  test('are two, whose reports come in turn, and none mixes with the other', async () => {
    machine.plugIn('/dev/hidraw0');
    machine.plugIn('/dev/hidraw1');
    open();
    await rowsWith(shows('scanner /dev/hidraw0 ready', 'scanner /dev/hidraw1 ready'));
    const scans = nextScans(2);
    const [a, b] = [honeywellReports('a'.repeat(150)), honeywellReports('b'.repeat(150))];
    for (let i = 0; i < a.length; i++) {
      machine.send('/dev/hidraw0', a.slice(i, i + 1));
      machine.send('/dev/hidraw1', b.slice(i, i + 1));
    }
    expect(
      (await scans).map(({ place, text }) => `${place} ${text.slice(0, 1)}${text.length}`),
    ).toEqual(['/dev/hidraw0 a150', '/dev/hidraw1 b150']);
  });

  test('are missed when unplugged in the middle of a code, and begin anew when back', async () => {
    const sighting = machine.plugIn('/dev/hidraw0');
    open();
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
    machine.send('/dev/hidraw0', [honeywellReport(new Uint8Array(56).fill(0x31), true)]);
    machine.plugOut(sighting);
    await rowsWith(shows('scanner /dev/hidraw0 absent'));
    expect(await detailsOf()).toContain('was unplugged');
    machine.plugIn('/dev/hidraw1');
    await rowsWith(shows('scanner /dev/hidraw1 ready'));
    const scans = nextScans(1);
    machine.send('/dev/hidraw1', honeywellReports('whole'));
    expect((await scans).map(({ text }) => text)).toEqual(['whole']);
    expect(machine.closes).toBe(1);
  });

  test('are back at once when they went and came between two looks', async () => {
    const sighting = machine.plugIn('/dev/hidraw0');
    open();
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
    machine.plugOut(sighting);
    machine.plugIn('/dev/hidraw0');
    machine.listeners.get('/dev/hidraw0')?.lost('no such device');
    await rowsWith(shows('scanner /dev/hidraw0 absent'));
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
    expect(machine.opens).toBe(2);
  });

  test('that break off a code get attention until the next whole one', async () => {
    machine.plugIn('/dev/hidraw0');
    open();
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
    machine.send('/dev/hidraw0', [honeywellReport(new Uint8Array(56).fill(0x31), true)]);
    nowMs += 1001;
    await rowsWith(shows('scanner /dev/hidraw0 attention'));
    expect(await detailsOf()).toContain('half a code came, and never its rest');
    machine.send('/dev/hidraw0', honeywellReports('whole'));
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
  });

  test('that may not be read say what is missing, and are tried again', async () => {
    machine.refusal = fault('device', '/dev/hidraw0 may not be read by this user');
    machine.plugIn('/dev/hidraw0');
    open();
    await firstValueFrom(
      scanner.devices$.pipe(filter((rows) => JSON.stringify(rows).includes('may not be read'))),
    );
    machine.refusal = undefined;
    nowMs += 3000;
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
  });

  test('beep, and are told to send codes to nobody else', async () => {
    machine.plugIn('/dev/hidraw0');
    open();
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
    scanner.signal('good');
    scanner.signal('bad');
    await expect
      .poll(() => machine.sent)
      .toEqual(['/dev/hidraw0 FE01', '/dev/hidraw0 0440', '/dev/hidraw0 0420']);
  });

  test('never have a code in the log', async () => {
    machine.plugIn('/dev/hidraw0');
    open();
    await rowsWith(shows('scanner /dev/hidraw0 ready'));
    machine.send('/dev/hidraw0', honeywellReports('SECRET'));
    machine.send('/dev/hidraw0', [honeywellReport(Buffer.from('SECRET'), true)]);
    nowMs += 1001;
    await rowsWith(shows('scanner /dev/hidraw0 attention'));
    expect(logged).toContain('half a code');
    expect(logged + (await detailsOf())).not.toContain('SECRET');
  });
});

describe('other HID devices', () => {
  test('that type as keyboards are told of if they are scanners, and never opened', async () => {
    machine.plugIn('/dev/hidraw0', { descriptor: KEYBOARD });
    machine.plugIn('/dev/hidraw1', { descriptor: KEYBOARD, vendorId: 0x046d, name: 'Keyboard' });
    open();
    await rowsWith(shows('unused /dev/hidraw0 ready'));
    expect(await detailsOf()).toContain('set it to HID POS');
    expect(machine.opens).toBe(0);
  });

  test('than the one that is named are left alone, and that one is missed', async () => {
    machine.plugIn('/dev/hidraw0');
    open({ vendorId: 0x05e0 });
    await rowsWith(shows('unused /dev/hidraw0 ready', 'scanner USB 05e0:* absent'));
    machine.plugIn('/dev/hidraw1', { vendorId: 0x05e0 });
    await rowsWith(shows('unused /dev/hidraw0 ready', 'scanner /dev/hidraw1 ready'));
    expect(machine.opens).toBe(1);
  });

  test('whose descriptor is rubbish are passed over', async () => {
    machine.plugIn('/dev/hidraw0', { descriptor: Uint8Array.of(0xa1) });
    machine.plugIn('/dev/hidraw1');
    open();
    await rowsWith(shows('scanner /dev/hidraw1 ready'));
  });
});

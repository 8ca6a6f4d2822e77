import { createHash } from 'node:crypto';
import { type Fault, fault } from '#ports/fault.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';
import type { Offer, TrustedSource, Untrusted } from '#ports/trusted-source.ts';
import { SimulatedDisk } from '#test/support/simulated-disk.ts';
import { type FirmwareParts, type FirmwareResult, updateFirmware } from '#upkeep/firmware/index.ts';

export const IMAGE = Uint8Array.from({ length: 2000 }, (_, i) => (i * 7) & 0xff);

export const offerOf = (name: string, version = '2.0', image = IMAGE): Pick<Offer, 'firmware'> => ({
  firmware: {
    [name]: {
      version,
      target: {
        path: `firmware/${name}-${version}.bin`,
        bytes: image.length,
        sha256: createHash('sha256').update(image).digest('hex'),
      },
    },
  },
});

/** A peripheral as the test says; keeps what was sent to it. */
export class Peripheral implements PeripheralFirmware {
  readonly loads: Uint8Array[] = [];
  runs = '1.0';
  /** What it runs after a load. */
  becomes = '2.0';
  fails: Fault | undefined;
  absent: Fault | undefined;
  duringLoad = (): void => {};
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  version: PeripheralFirmware['version'] = async () => this.absent ?? this.runs;
  load: PeripheralFirmware['load'] = async (image, _, progress) => {
    this.loads.push(Uint8Array.from(image));
    this.runs = 'bootloader';
    progress(1000);
    this.duringLoad();
    if (this.fails !== undefined) return this.fails;
    progress(image.length);
    this.runs = this.becomes;
    return undefined;
  };
}

/** All that `updateFirmware` asks of the world, and what it told it. */
export class Bench {
  disk = new SimulatedDisk();
  readonly scanner = new Peripheral('scanner');
  readonly told: string[] = [];
  readonly records: FirmwareResult[] = [];
  /** What a source hands over: whole, unless a test says otherwise. */
  file: Uint8Array = IMAGE;
  untrusted: Untrusted | undefined;
  unrecorded: Fault | undefined;
  busy: string | undefined;
  keeps: Fault | undefined;
  nowMs = 0;

  readonly fetch: TrustedSource['fetch'] = async ({ path }) => {
    this.told.push(`fetched ${path}`);
    if (this.untrusted !== undefined) return this.untrusted;
    this.disk.put('/fetched', this.file);
    return { file: '/fetched' };
  };

  parts(more: Partial<FirmwareParts> = {}): FirmwareParts {
    const log = (_: unknown, message: string) => void this.told.push(message);
    return {
      peripherals: [this.scanner],
      source: { fetch: this.fetch },
      disk: this.disk.disk,
      notes: '/firmware',
      mayBegin: async () => this.busy,
      takeOut: async (name) => {
        if (this.keeps !== undefined) return this.keeps;
        this.told.push(`${name} out of use`);
        return async () => void this.told.push(`${name} back in use`);
      },
      record: async (result) => {
        if (this.unrecorded !== undefined) return this.unrecorded;
        this.records.push(result);
        return undefined;
      },
      monotonicMs: () => (this.nowMs += 1500),
      log: { debug: log, info: log, warn: log, error: log },
      ...more,
    };
  }

  async update(
    offer: Pick<Offer, 'firmware'> = offerOf('scanner'),
    more: Partial<FirmwareParts> = {},
  ): Promise<FirmwareResult> {
    const [result] = await updateFirmware(offer, this.parts(more), new AbortController().signal);
    if (result === undefined) throw new Error('no peripheral');
    return result;
  }
}

export const AWAY = fault('device', '/dev/ttyACM0: nothing is plugged in there');

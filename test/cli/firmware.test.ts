import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { openControl } from '#drivers/control/index.ts';
import { openSerialScanner } from '#drivers/serial/index.ts';
import {
  type SerialPeripheral,
  serialPeripheral,
  simulatedFirmware,
} from '#drivers/simulated/peripherals/index.ts';
import { exportJournal } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Offer, TrustedSource } from '#ports/trusted-source.ts';
import {
  type PluggedDevice,
  plugDevice,
  QUICK,
  seen,
} from '#test/drivers/serial/plugged-device.ts';
import { aWorld } from '#test/drivers/tuf/support.ts';
import { addFirmware, point } from '../../scripts/maker/targets.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { placesIn } from '../../src/cli/places.ts';
import { list, load, type OpenSource } from '../../src/cli/updates/firmware.ts';
import { firmwareUpkeep } from '../../src/cli/updates/firmware-upkeep.ts';
import { machineHere } from '../../src/cli/updates/slots-here.ts';

let folder: string;
let port: PluggedDevice;
let device: SerialPeripheral;
let printed: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countertap-firmware-'));
  port = await plugDevice();
  device = serialPeripheral({
    ...{ version: '1.0', send: (bytes) => port.send(bytes) },
    timing: { waitMs: 500, characterMs: 200 },
  });
  port.hear((bytes) => device.take(bytes));
  configure([{ kind: 'xmodem', name: 'scanner', path: port.path, model: 'countertap-simulated' }]);
  printed = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += text;
      return true;
    });
  }
});

afterEach(async () => {
  vi.restoreAllMocks();
  device.close();
  await port.close();
  rmSync(folder, { recursive: true });
});

const state = (): string => join(folder, 'state');
const config = (): string => join(folder, 'config');

const configure = (peripherals: readonly object[], devices: object = {}): void => {
  cpSync('config/base', config(), { recursive: true });
  const file = join(config(), 'terminal.json');
  const terminal = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...terminal, upkeep: { peripherals }, devices }));
};

const IMAGE = simulatedFirmware('2.0', 20_000);

/** A source that the maker has signed for all of, with firmware for a scanner. */
const source = (): TrustedSource => {
  const target = {
    path: 'firmware/scanner-2.0.bin',
    bytes: IMAGE.length,
    sha256: createHash('sha256').update(IMAGE).digest('hex'),
  };
  const offer: Offer = { chosenBy: 'channel', firmware: { scanner: { target, version: '2.0' } } };
  return {
    look: async () => offer,
    fetch: async () => {
      const file = join(folder, 'fetched');
      writeFileSync(file, IMAGE);
      return { file };
    },
    close: async () => undefined,
  };
};

const loadIt = (open: OpenSource = async () => source(), more: object = {}) =>
  load(placesIn(state()), undefined, { config: config(), ...more }, open);

const records = (): string[] => {
  const lines: string[] = [];
  exportJournal(placesIn(state()).journal, (line) => lines.push(line));
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'audit')
    .map(({ data }) => data.says);
};

/** A terminal that runs here, as far as commands can tell. */
const runTerminal = async (): Promise<void> => {
  const control = await openControl(
    placesIn(state()).controlSocket,
    async (_, reply) => reply({ state: 'idle' }),
    { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  );
  if (isFault(control)) throw new Error(control.detail);
  onTestFinished(() => control.close());
};

describe('countertap firmware', () => {
  test('lists what each peripheral says that it runs', async () => {
    expect(await list(placesIn(state()), { config: config(), json: true })).toBe(0);
    expect(JSON.parse(printed)).toEqual([
      { name: 'scanner', kind: 'xmodem', place: port.path, version: '1.0', unfinished: false },
    ]);
  });

  test('says of one that is not there what is so', async () => {
    await port.unplug();
    expect(await list(placesIn(state()), { config: config() })).toBe(3);
    expect(printed).toContain('nothing is plugged in there');
  });

  test('loads what is offered over a serial port, and records it', async () => {
    expect(await loadIt()).toBe(0);
    expect(device.runs()).toBe('2.0');
    expect(printed).toMatch(/scanner 100 %\nscanner 2\.0 is loaded, from 1\.0, 20000 bytes in /);
    expect(records()).toEqual([
      'load the firmware of scanner from the repository',
      'scanner 2.0 is being loaded, from 1.0',
      expect.stringMatching(/^scanner 2\.0 is loaded, from 1\.0, 20000 bytes in [0-9.]+ s$/),
    ]);
    printed = '';
    expect(await loadIt()).toBe(0);
    expect(printed).toContain('scanner 2.0 runs already');
  }, 60_000);

  test('refuses what the maker has not signed for', async () => {
    const detail = 'too few keys have signed';
    const open: OpenSource = async () => ({
      ...source(),
      look: async () => ({ untrusted: 'signature', detail }),
    });
    expect(await loadIt(open)).toBe(1);
    expect(printed).toContain(detail);
    expect(device.runs()).toBe('1.0');
  });

  test('refuses beside a terminal that has the port open, and says what to do', async () => {
    configure(
      [{ kind: 'xmodem', name: 'scanner', path: port.path, model: 'countertap-simulated' }],
      { scanners: [{ kind: 'serial', path: port.path }] },
    );
    await runTerminal();
    expect(await loadIt()).toBe(3);
    expect(printed).toContain('has scanner open. Stop it (systemctl stop countertap)');
    expect(device.runs()).toBe('1.0');
  });

  test('refuses beside a terminal that could begin a payment', async () => {
    await runTerminal();
    expect(await loadIt()).toBe(3);
    expect(printed).toContain('could begin a payment');
    expect(device.runs()).toBe('1.0');
  });

  test('says that nothing vouches for firmware where no source is known', async () => {
    expect(await loadIt(async () => undefined)).toBe(3);
    expect(printed).toContain('--from');
  });

  test('knows no peripheral of another name', async () => {
    const asked = load(placesIn(state()), 'printer', { config: config() }, async () => source());
    expect(await asked).toBe(3);
    expect(printed).toContain('there is no printer: scanner');
  });

  test('tells of a model that no driver knows', async () => {
    configure([{ kind: 'xmodem', name: 'scanner', path: port.path, model: 'acme-1' }]);
    expect(await list(placesIn(state()), { config: config() })).toBe(3);
    expect(printed).toContain('no model "acme-1" is known');
  });

  test('asks for the commands of a device that the generic model has no facts of', async () => {
    configure([{ kind: 'xmodem', name: 'scanner', path: port.path }]);
    expect(await list(placesIn(state()), { config: config() })).toBe(3);
    expect(printed).toContain('name them in "commands"');
    const commands = { version: 'VER\r', versionAnswer: 'VER (\\S+)\r', enter: 'BOOT\r' };
    configure([{ kind: 'xmodem', name: 'scanner', path: port.path, commands }]);
    expect(await list(placesIn(state()), { config: config() })).toBe(0);
  });
});

describe('countertap firmware load --from a stick', () => {
  // Made once, with the maker's own commands: each is a process.
  const made = mkdtempSync(join(tmpdir(), 'countertap-stick-'));
  const ours = join(made, 'repo');
  const machine = machineHere() ?? '';
  beforeAll(() => {
    writeFileSync(join(made, 'scanner.bin'), IMAGE);
    const offer = ['--machine', machine, '--firmware', 'scanner=scanner.bin@2.0'];
    for (const words of [
      ['init', '--root', '1/1', '--targets', '1/1'],
      ['key', 'keys/stable'],
      ['add-firmware', 'scanner.bin'],
      ['channel', 'stable', '--create', '--key', 'keys/stable.pub', ...offer],
      ['publish'],
    ]) {
      const script = join(process.cwd(), 'scripts', 'repository');
      execFileSync(script, ['-r', 'repo', '-k', 'keys', ...words], { cwd: made, stdio: 'pipe' });
    }
  });
  afterAll(() => rmSync(made, { recursive: true, force: true }));

  /** The same, with keys of another maker. */
  const others = async (): Promise<string> => {
    const { maker, publish } = await aWorld();
    await addFirmware(maker, [join(made, 'scanner.bin')]);
    const firmware = { scanner: { target: 'firmware/scanner.bin', version: '2.0' } };
    await point(maker, 'channel-stable', 'channels/stable', { machines: [machine], firmware });
    publish();
    return maker.folder;
  };
  const trust = (repository: string): void => {
    mkdirSync(join(config(), 'trust'), { recursive: true });
    cpSync(join(repository, 'metadata', '1.root.json'), join(config(), 'trust', 'root.json'));
  };
  const loadFrom = (from: string) => load(placesIn(state()), 'scanner', { config: config(), from });

  test('takes what our maker has signed for, and nothing of another', async () => {
    trust(ours);
    expect(await loadFrom(await others())).toBe(1);
    expect(device.runs()).toBe('1.0');
    expect(await loadFrom(ours)).toBe(0);
    expect(device.runs()).toBe('2.0');
    expect(device.image()?.subarray(0, IMAGE.length)).toEqual(IMAGE);
  }, 120_000);

  test('takes no file that was changed on the stick', async () => {
    trust(ours);
    const stick = join(folder, 'stick');
    cpSync(ours, stick, { recursive: true });
    const file = createHash('sha256').update(IMAGE).digest('hex');
    const worse = IMAGE.map((byte, i) => (i === 19_999 ? byte ^ 1 : byte));
    writeFileSync(join(stick, 'targets', 'firmware', `${file}.scanner.bin`), worse);
    expect(await loadFrom(stick)).toBe(1);
    expect(printed).toContain('is not trusted');
    expect(device.runs()).toBe('1.0');
  }, 120_000);

  test('is loaded beside sales: the scanner is absent meanwhile, and comes back', async () => {
    trust(ours);
    const scanner = openSerialScanner({ path: port.path, ...QUICK });
    onTestFinished(() => scanner.close());
    const health: (string | undefined)[] = [];
    scanner.devices$.subscribe(([one]) => health.push(one?.health.health));
    await seen(scanner.devices$, ([one]) => one?.health.health === 'ready');
    const configuration = loadConfiguration(config());
    if (isConfigProblem(configuration)) throw new Error('the configuration');
    let isQuiet = false;
    const told: string[] = [];
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const upkeep = firmwareUpkeep(configuration, placesIn(state()), {
      quiet: () => isQuiet,
      audit: async ({ says }) => void told.push(says),
      log,
    });
    const { signal } = new AbortController();
    expect(await upkeep.run(signal, ours)).toMatchObject([{ outcome: 'waits' }]);
    expect(health.slice(health.indexOf('ready'))).toEqual(['ready']);
    isQuiet = true;
    expect(await upkeep.run(signal, ours)).toMatchObject([{ outcome: 'loaded', after: '2.0' }]);
    expect(device.runs()).toBe('2.0');
    expect(told).toHaveLength(2);
    await seen(scanner.devices$, ([one]) => one?.health.health === 'ready');
    expect(health.slice(health.indexOf('ready'))).toContain('absent');
    expect(await upkeep.isUnfinished()).toBe(false);
  }, 120_000);
});

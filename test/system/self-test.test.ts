import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { processSelfTest } from '#drivers/disk/index.ts';
import { openKeyStore } from '#drivers/keystore/index.ts';
import { startAcquirer } from '#drivers/simulated/acquirer/index.ts';
import { openJournal, verifyFile } from '#drivers/sqlite/index.ts';
import { fill, leavesOf, quiet, ruinPage } from '#test/drivers/sqlite/support.ts';
import { authority, clientOf, createWorld, serverOf } from '#test/drivers/tls/support.ts';
import { got, START_MS } from '#test/ports/journal-suite.ts';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { everythingIn, layRelease } from '#test/support/release-slot.ts';
import { freePort, runTerminal } from '#test/support/running-terminal.ts';
import { injectSimulatedKeys } from '../../src/cli/opening/open-safe.ts';
import { placesIn } from '../../src/cli/places.ts';

const home = mkdtempSync(join(tmpdir(), 'countertap-self-test-'));
const slot = join(home, 'slot');
const config = join(home, 'config');
const state = join(home, 'state');
const journal = join(state, 'journal', 'journal.db');
let world: Awaited<ReturnType<typeof createWorld>>;
let pcscd: Pcscd;
/** Other places than those, and another smart card service. */
let where: Readonly<Record<string, string>>;

beforeAll(async () => {
  layRelease(slot);
  world = await createWorld();
  pcscd = await startPcscd();
});

beforeEach(() => {
  where = { PCSCLITE_CSOCK_NAME: pcscd.socketPath };
});

afterEach(() => {
  for (const folder of [config, state]) rmSync(folder, { recursive: true, force: true });
});

afterAll(async () => {
  await world.end();
  await pcscd.close();
  rmSync(home, { recursive: true });
});

const tried = (): Promise<string | undefined> => {
  const environment = { COUNTERTAP_CONFIG: config, COUNTERTAP_STATE: state, ...where };
  return processSelfTest(60_000, environment).run(slot);
};

const configure = (change: (set: Record<string, Record<string, unknown>>) => void): void => {
  cpSync('config/base', config, { recursive: true });
  const file = join(config, 'terminal.json');
  const set = JSON.parse(readFileSync(file, 'utf8'));
  change(set);
  writeFileSync(file, JSON.stringify(set));
};

const sell = async (): Promise<void> => {
  const opened = got(await openJournal({ path: journal, log: quiet, wallMs: () => START_MS }));
  await fill(opened, 40);
  await opened.close();
};

const leftovers = (): string[] =>
  [tmpdir(), '/var/tmp'].flatMap((place) =>
    readdirSync(place).filter((name) => name.startsWith('countertap-probe-')),
  );

describe("a release's self-test", { timeout: 120_000 }, () => {
  it('passes where all is well, and leaves slot, state and temporary folders alone', async () => {
    configure(() => {});
    await sell();
    const before = [everythingIn(slot), everythingIn(state)];
    const there = leftovers();
    expect(await tried()).toBeUndefined();
    expect([everythingIn(slot), everythingIn(state)]).toEqual(before);
    expect(leftovers().filter((name) => !there.includes(name))).toEqual([]);
  });

  it('says that no smart card service is there', async () => {
    configure(() => {});
    where = { PCSCLITE_CSOCK_NAME: join(home, 'nobody') };
    expect(await tried()).toMatch(/pcscd\) isn't there: no answer at .*systemctl start pcscd/);
  });

  it('says that the reader of this name is missing, and which there are', async () => {
    configure((set) => Object.assign(set['reader'] ?? {}, { name: 'Another' }));
    expect(await tried()).toMatch(/none is called Another: Virtual PCD.*plug the reader in/);
  });

  it('says that the host is not there', async () => {
    const trusted = authority();
    const terminal = clientOf(trusted);
    const connection = {
      ...{ kind: 'tls', address: '127.0.0.1', port: await freePort() },
      certificationAuthority: await world.file(trusted.certificate),
      certificate: await world.file(terminal.certificate),
      privateKey: await world.file(terminal.key),
    };
    configure((set) => Object.assign(set['host'] ?? {}, { connection, answerWithinSeconds: 1 }));
    expect(await tried()).toMatch(/answers no echo: .*refuses connections.*ask the acquirer/);
  });

  it('says that the host takes the connection and answers no echo', async () => {
    const trusted = authority();
    const terminal = clientOf(trusted);
    const host = await world.host(serverOf(trusted), trusted);
    const connection = {
      ...{ kind: 'tls', address: 'localhost', port: host.port },
      certificationAuthority: await world.file(trusted.certificate),
      certificate: await world.file(terminal.certificate),
      privateKey: await world.file(terminal.key),
    };
    configure((set) => Object.assign(set['host'] ?? {}, { connection, answerWithinSeconds: 1 }));
    expect(await tried()).toMatch(/answers no echo: the host did not answer within/);
    // A message type of 0800 behind its length.
    expect(Buffer.from(host.heard()).toString('latin1')).toMatch(/^..0800/s);
  });

  it('gets the echo of a host of 1993 with a MAC, while the terminal holds its keys', async () => {
    const places = placesIn(state);
    mkdirSync(dirname(places.acquirerSocket), { recursive: true });
    const acquirer = got(
      await startAcquirer({
        ...{ stateDir: places.acquirerState, port: 0, control: places.acquirerSocket },
        ...{ log: 'ignore', mac: true, dialect: 'iso8583-1993-bcd' },
      }),
    );
    const keys = got(await openKeyStore({ folder: places.keys, log: quiet }));
    const { authority: root, clientCertificate, clientKey } = acquirer.certificates;
    const connection = {
      ...{ kind: 'tls', address: 'localhost', port: acquirer.port, mac: true },
      ...{ dialect: 'iso8583-1993-bcd', certificationAuthority: root },
      ...{ certificate: clientCertificate, privateKey: clientKey },
    };
    configure((set) => Object.assign(set['host'] ?? {}, { connection, answerWithinSeconds: 5 }));
    const unkeyed = await tried();
    await injectSimulatedKeys(keys, acquirer.keys, quiet);
    const keyed = await tried();
    await keys.close();
    await acquirer.close();
    expect(unkeyed).toMatch(/answers no echo: not sent: no keys are loaded.*countertap keys/);
    expect(keyed).toBeUndefined();
  });

  it('says that the journal is damaged, and leaves it as it is', async () => {
    configure(() => {});
    await sell();
    ruinPage(journal, leavesOf(journal, 'entries')[0] ?? 0);
    const before = everythingIn(state);
    expect(await tried()).toMatch(/journal .* is damaged: .*countertap journal recover/);
    expect(everythingIn(state)).toEqual(before);
  });

  it("says that a part of the display's page is missing", async () => {
    configure(() => {});
    const assets = join(slot, 'drivers/kiosk/dist/assets');
    const name = readdirSync(assets).find((one) => one.endsWith('.woff2')) ?? '';
    const font = readFileSync(join(assets, name));
    rmSync(join(assets, name));
    const reason = await tried();
    writeFileSync(join(assets, name), font);
    expect(reason).toMatch(/page isn't whole: \/assets\/.*woff2 is missing/);
  });

  it('says what is wrong with the configuration', async () => {
    configure((set) => Object.assign(set['display'] ?? {}, { port: 'http' }));
    expect(await tried()).toMatch(/terminal\.json: display\.port: expected a port/);
  });

  it('says all that is wrong in one line', async () => {
    configure((set) => Object.assign(set['reader'] ?? {}, { name: 'Another' }));
    await sell();
    ruinPage(journal, leavesOf(journal, 'entries')[0] ?? 0);
    expect(await tried()).toMatch(/Another.*; .*is damaged/);
  });

  it('passes beside a terminal that takes a payment with the same reader meanwhile', async () => {
    const terminal = await runTerminal({ reader: 'pcsc', socketPath: pcscd.socketPath });
    where = {
      ...where,
      COUNTERTAP_CONFIG: join(terminal.state, 'config'),
      COUNTERTAP_STATE: terminal.state,
    };
    try {
      let over = false;
      const trying = tried().finally(() => {
        over = true;
      });
      let paid = 0;
      while (!over) {
        const paying = terminal.countertap('sale', '12.50', '--json');
        const port = String(pcscd.vpcdPort);
        const tapped = await terminal.countertap('tap', 'visa-phone', '--vpcd-port', port);
        expect(tapped.stderr).toBe('');
        expect(JSON.parse((await paying).stdout)).toMatchObject({ status: 'approved' });
        paid++;
      }
      expect(await trying).toBeUndefined();
      expect(paid).toBeGreaterThan(0);
      await terminal.end('SIGTERM');
      const path = join(terminal.state, 'journal', 'journal.db');
      expect(verifyFile(path)).toMatchObject({ chain: 'whole' });
      expect(readFileSync(path).includes('probed')).toBe(false);
    } finally {
      await terminal.close();
    }
  });
});

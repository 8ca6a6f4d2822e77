import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { createAuthority } from '#drivers/simulated/acquirer/authority.ts';
import { newFolder, openListener, shopIdentity, tlsTo } from '../http/support.ts';
import { openLine } from './support.ts';

let line: { close(): Promise<void> };
afterEach(() => line.close());

const LOOK_MS = 40;
const validity = { fromMs: Date.now() - 86_400_000, untilMs: Date.now() + 86_400_000 };

/** An authority for tills, and the certificate of one of them. */
const tills = (name: string) => {
  const authority = createAuthority(`Authority of ${name}`, validity);
  const subject = { commonName: name, usage: 'client', names: [], validity } as const;
  return { ca: authority.certificate, certificate: authority.issue(subject) };
};

const fingerprintOf = (socket: TLSSocket) => socket.getPeerX509Certificate()?.fingerprint256;

describe('the certificate of the line', () => {
  test("changes when the shop's files do, while connections go on", async () => {
    const opened = await openLine({ lookMs: LOOK_MS });
    line = opened;
    const before = await opened.tls();
    const first = fingerprintOf(before);
    shopIdentity(opened.folder);
    const authority = () => readFileSync(join(opened.folder, 'authority.pem'), 'utf8');
    const next = () => tlsTo({ port: opened.port, certificate: authority() });
    await expect.poll(() => opened.listener.fingerprint()).not.toBe(first);
    expect(fingerprintOf(await next())).toBe(opened.listener.fingerprint());
    const answered = new Promise<string>((resolve) =>
      before.once('data', (data) => resolve(`${data}`)),
    );
    before.write('POST /nexo/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx');
    expect(await answered).toContain('echo x');
  });

  test('stays when the new files are none, and says so', async () => {
    const opened = await openLine({ lookMs: LOOK_MS });
    line = opened;
    const first = fingerprintOf(await opened.tls());
    writeFileSync(join(opened.folder, 'till.pem'), 'nonsense');
    const errors = () => opened.lines.filter(({ level }) => level === 'error');
    await expect.poll(() => errors().length).toBeGreaterThan(0);
    expect(errors()[0]?.message).toContain('no certificate in PEM');
    expect(fingerprintOf(await opened.tls())).toBe(first);
  });

  test("of our own has the name that Adyen's libraries look for", async () => {
    const folder = newFolder();
    const open = async (commonName: string) => {
      const identity = {
        kind: 'own',
        folder,
        names: ['localhost'],
        commonName,
        days: 3650,
      } as const;
      const { listener, port } = await openListener(newFolder(), { identity });
      line = listener;
      expect(await listener.ready()).toBeUndefined();
      const certificate = readFileSync(join(folder, 'certificate.pem'), 'utf8');
      const socket = await tlsTo({ port, certificate });
      const shown = socket.getPeerX509Certificate();
      socket.destroy();
      await listener.close();
      return shown;
    };
    const name = 'V400m-123456789.test.terminal.adyen.com';
    const first = await open(name);
    expect(first?.subject).toBe(`CN=${name}`);
    expect(Date.parse(first?.validTo ?? '')).toBeGreaterThan(Date.now() + 3600 * 86_400_000);
    expect((await open(name))?.fingerprint256).toBe(first?.fingerprint256);
    expect((await open('Till-2.test.terminal.adyen.com'))?.fingerprint256).not.toBe(
      first?.fingerprint256,
    );
  });
});

describe('where tills need certificates', () => {
  const opened = async (ca: string) => {
    const folder = newFolder();
    const clientAuthority = join(folder, 'tills.pem');
    writeFileSync(clientAuthority, ca);
    const one = await openLine({ clientAuthority, lookMs: LOOK_MS });
    line = one;
    return { ...one, clientAuthority };
  };

  test('one that has one is named by it, and nobody comes in without', async () => {
    const shop = tills('Till 7');
    const { ask, desk } = await opened(shop.ca);
    expect((await ask('a', { certificate: shop.certificate })).body).toBe('echo a');
    expect(desk.heard.map(({ caller }) => caller.name)).toEqual(['Till 7']);
    await expect(ask('b')).rejects.toThrow();
    await expect(ask('c', { certificate: tills('Till 7').certificate })).rejects.toThrow();
    expect(desk.heard).toHaveLength(1);
  });

  test('another authority counts without a restart; a bad file changes nothing', async () => {
    const [old, next] = [tills('Till 1'), tills('Till 2')];
    const { ask, clientAuthority, lines } = await opened(old.ca);
    expect((await ask('a', { certificate: old.certificate })).status).toBe(200);
    writeFileSync(clientAuthority, 'nonsense');
    await expect.poll(() => lines.some(({ level }) => level === 'error')).toBe(true);
    expect((await ask('b', { certificate: old.certificate })).status).toBe(200);
    writeFileSync(clientAuthority, next.ca);
    const asNext = () => ask('c', { certificate: next.certificate }).catch(() => undefined);
    await expect.poll(async () => (await asNext())?.status).toBe(200);
    await expect(ask('d', { certificate: old.certificate })).rejects.toThrow();
  });

  test('an authority that can not be used is a fault at the start', async () => {
    line = { close: async () => undefined };
    const failed = openLine({ clientAuthority: '/nowhere/tills.pem' });
    await expect(failed).rejects.toThrow('The authority of clients: /nowhere/tills.pem: ENOENT.');
  });
});

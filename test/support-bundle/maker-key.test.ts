import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { configurationHere } from '../../src/cli/doctor/doctor-here.ts';
import { noteConfiguration } from '../../src/cli/noted-configuration.ts';
import { placesIn } from '../../src/cli/places.ts';
import { makerKeyOf } from '../../src/cli/support-bundle/configuration.ts';

const home = mkdtempSync(join(tmpdir(), 'countertap-maker-key-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

// As the service has it: the terminal has noted its configuration, and the environment names one.
test("the maker's key is found where COUNTERTAP_CONFIG names what the terminal noted", () => {
  const shop = join(home, 'etc');
  mkdirSync(shop, { recursive: true });
  writeFileSync(join(shop, 'terminal.json'), '{ "support": { "makerKey": "age1shop" } }');
  const places = placesIn(join(home, 'state'));
  noteConfiguration(places, shop);
  vi.stubEnv('COUNTERTAP_CONFIG', shop);
  expect(makerKeyOf(places, undefined)).toBe('age1shop');
  // It is read, and found wanting; "leave --config out" would be of no use to anybody.
  expect(configurationHere(places, undefined)).toMatchObject({
    problem: expect.stringContaining('terminal.json'),
  });
});

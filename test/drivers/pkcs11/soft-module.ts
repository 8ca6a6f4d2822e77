import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A security module in software (SoftHSM2), whose tokens lie in a folder of the test's own. */
export interface SoftModule {
  readonly library: string;
  readonly token: string;
  readonly pin: string;
  /** Makes another token. */
  addToken(label: string, pin: string): void;
  close(): void;
}

/** Sets SOFTHSM2_CONF of this process: one at a time, and before the library is loaded. */
export const startSoftModule = (): SoftModule => {
  const folder = mkdtempSync(join(tmpdir(), 'countertap-softhsm-'));
  const tokens = join(folder, 'tokens');
  mkdirSync(tokens);
  const conf = join(folder, 'softhsm2.conf');
  writeFileSync(
    conf,
    `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  process.env['SOFTHSM2_CONF'] = conf;
  const library = LIBRARIES.find((path) => existsSync(path));
  if (library === undefined) throw new Error('SoftHSM2 is missing: run ./scripts/setup --tests');
  const addToken = (label: string, pin: string): void => {
    const words = [
      '--init-token',
      '--free',
      '--label',
      label,
      '--pin',
      pin,
      '--so-pin',
      '87654321',
    ];
    execFileSync('softhsm2-util', words, { stdio: 'pipe' });
  };
  const token = 'till 7';
  const pin = '493817';
  addToken(token, pin);
  return { library, token, pin, addToken, close: () => rmSync(folder, { recursive: true }) };
};

const LIBRARIES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
];

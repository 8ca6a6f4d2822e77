import { readFileSync } from 'node:fs';
import { finding } from '#doctor/index.ts';
import type { Finding, Probe } from '#ports/finding.ts';
import type { KeyInfo } from '#ports/key-store.ts';

/** What there is to know of keys; never a key itself. */
export interface KeysToLookAt {
  readonly list: () => Promise<readonly KeyInfo[]>;
  /** Why account data can't be sealed; undefined when it can, or nobody has tried. */
  readonly refusal: () => Promise<string | undefined>;
  readonly erased: () => boolean;
  /** Whether they were tried: a store that is looked at alone tells its contents. */
  readonly atWork: boolean;
  /** Whether the host wants a MAC with every message. */
  readonly macWanted: boolean;
  readonly tamperSignal?: string | undefined;
}

export const keysProbe =
  ({ list, refusal, erased, atWork, macWanted, tamperSignal }: KeysToLookAt): Probe =>
  async () => {
    const signal = tamperFinding(tamperSignal);
    if (signal?.verdict === 'wrong') return signal;
    const why = await refusal();
    if (why !== undefined) {
      const kind = erased() || /keys were erased/.test(why) ? 'erased' : 'refuses';
      return finding('keys', kind, { why });
    }
    const known = await list();
    const names = known.map(({ name, checkValue }) => `${NAMES[name]} (check value ${checkValue})`);
    if (macWanted && !known.some(({ name }) => name === 'mac')) return finding('keys', 'noMac');
    return signal ?? finding('keys', atWork ? 'well' : 'unopened', { names: names.join(', ') });
  };

const NAMES: Readonly<Record<KeyInfo['name'], string>> = {
  transport: 'transport key',
  account: 'account key',
  mac: 'MAC key',
};

// As drivers/keystore reads it: a file that is there and doesn't say 0.
const tamperFinding = (path: string | undefined): Finding | undefined => {
  if (path === undefined) return undefined;
  try {
    if (readFileSync(path, 'latin1').trim() === '0') return undefined;
    return finding('keys', 'tamper', { path });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    return finding('keys', 'tamperUnreadable', { path, why: code ?? message });
  }
};

import { existsSync, unwatchFile, watchFile } from 'node:fs';
import { isMalformed } from '#bytes/malformed.ts';
import { createKeyRing, type KeyRing, type SharedKey } from '#nexo/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { keysIn } from './key-file.ts';

/** The tills' keys as they are now. */
export interface KeptKeyRing {
  /** Undefined while there is no key: nothing encrypted can be read then. */
  ring(): KeyRing | undefined;
  close(): void;
}

/**
 * Reads the tills' keys and follows their file: a change counts within seconds, for the next
 * message. A file that can't be used changes nothing but the log; one that is gone is one of them.
 */
export const keepKeyRing = async (
  path: string,
  { log, lookMs = 2000 }: { readonly log: Log; readonly lookMs?: number },
): Promise<KeptKeyRing> => {
  let known: KeyRing | undefined;
  const look = async (isFirst: boolean): Promise<void> => {
    const keys = await keysIn(path);
    const next = isFault(keys) ? keys.detail : ringOf(keys, known, path);
    if (typeof next === 'string') {
      return log.error({ why: next }, "the tills' keys stay as they were");
    }
    known = next;
    if (isFirst && next === undefined) return;
    const names = isFault(keys) ? [] : keys.map(({ identifier, version }) => [identifier, version]);
    log.info({ keys: names }, "the tills' keys");
  };
  let turn = look(true);
  const onChange = () => {
    turn = turn.then(() => look(false));
  };
  watchFile(path, { interval: lookMs, persistent: false }, onChange);
  await turn;
  return { ring: () => known, close: () => unwatchFile(path, onChange) };
};

/** A sentence where a key can't be used; it holds no passphrase. */
const ringOf = (
  keys: readonly SharedKey[],
  before: KeyRing | undefined,
  path: string,
): KeyRing | string | undefined => {
  if (keys.length === 0) {
    // `remove` leaves a file without keys: one that is gone was not meant to be.
    return before !== undefined && !existsSync(path) ? `${path} is gone` : undefined;
  }
  const ring = createKeyRing(keys, before);
  return isMalformed(ring) ? `${path}: ${ring.path.join(' ')}: ${ring.problem}` : ring;
};

import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Log } from '#ports/log.ts';
import { reasonOf } from './files.ts';

export interface TamperOptions {
  /** Such as the `value` of a GPIO in sysfs, or a file that a guard of the case makes. */
  readonly path: string;
  /** Called once, at once. */
  readonly onTamper: (why: string) => void;
  readonly log: Log;
  /** Files in sysfs tell nobody that they changed. */
  readonly pollMs?: number;
}

/**
 * Watches a tamper signal: a file that is there and doesn't say 0, also when it was there before
 * the watch began. One that vanishes or can't be read is reported in the log, no more: a wire that
 * breaks is the guard's business, which has to say 1 then.
 */
export const watchTamper = (options: TamperOptions): { close(): void } => {
  const { path, onTamper, log, pollMs = 500 } = options;
  let before = look(path);
  let ended = false;

  const check = () => {
    if (ended) return;
    const now = look(path);
    const was = before;
    before = now;
    if (now.kind !== 'read') {
      if (was.kind !== now.kind)
        log.error({ path, why: now.why }, "the tamper signal can't be read");
      return;
    }
    // Empty is a file between two contents, unless nothing was there before.
    const between = now.content === '' && was.kind === 'read' && was.content === '0';
    if (between) before = was;
    if (now.content === '0' || between) return;
    close();
    const why = now.content === '1' ? `${path} says 1` : `${path} has appeared`;
    log.error({ path }, `tamper signal: ${why}`);
    onTamper(why);
  };

  let watcher: FSWatcher | undefined;
  try {
    // The folder: a file that isn't there can't be watched itself.
    watcher = watch(dirname(path), { persistent: false }, (_, name) => {
      if (name === null || name === basename(path)) check();
    });
    watcher.on('error', (error) => log.warn({ path, why: reasonOf(error) }, 'polling alone'));
  } catch (error) {
    log.warn({ path, why: reasonOf(error) }, 'the tamper signal is polled, not watched');
  }
  const timer = setInterval(check, pollMs);
  timer.unref();
  const close = () => {
    ended = true;
    clearInterval(timer);
    watcher?.close();
  };
  check();
  return { close };
};

type Seen =
  | { readonly kind: 'read'; readonly content: string }
  | { readonly kind: 'absent' | 'unreadable'; readonly why: string };

const look = (path: string): Seen => {
  try {
    return { kind: 'read', content: readFileSync(path, 'latin1').trim() };
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { kind: absent ? 'absent' : 'unreadable', why: reasonOf(error) };
  }
};

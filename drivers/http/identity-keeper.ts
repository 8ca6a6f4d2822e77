import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type Identity, type IdentitySource, identityFrom } from './identity.ts';
import { watchFiles } from './watch-files.ts';

/** Holds the identity of this run, and looks after it. */
export interface IdentityKeeper {
  /** What a connection is to be shown. Tries again where it could not be had before. */
  current(): Promise<Identity | Fault>;
  /** The last one that was had. */
  known(): Identity | undefined;
  /**
   * Looks again, as it does by itself when files of the shop's have changed, and twice a day: an
   * end may be near.
   */
  look(): Promise<void>;
  close(): void;
}

interface Setup {
  readonly source: IdentitySource;
  /** Whose it is, for the log: "console". */
  readonly name?: string;
  readonly lookMs?: number | undefined;
  readonly log: Log;
  readonly wallMs: () => number;
  readonly onChange: (identity: Identity) => void;
}

export const keepIdentity = (setup: Setup): IdentityKeeper => {
  const { source, name = 'console', log, wallMs, onChange } = setup;
  const what = `the ${name}'s certificate`;
  let known: Identity | undefined;
  let asked: Promise<Identity | Fault> | undefined;
  const ask = async (): Promise<Identity | Fault> => {
    const found = await identityFrom(source, wallMs(), name);
    if (isFault(found)) {
      log.error({ fault: found }, what);
      asked = undefined;
      // What was good is better than nothing.
      return known ?? found;
    }
    const before = known;
    known = found;
    if (found.fingerprint !== before?.fingerprint) {
      const { fingerprint, untilMs } = found;
      log.info({ fingerprint, until: new Date(untilMs).toISOString() }, what);
      if (before !== undefined) onChange(found);
    }
    if (found.untilMs < wallMs() + SOON_MS) {
      log.warn({ until: new Date(found.untilMs).toISOString() }, `${what} ends`);
    }
    return found;
  };
  const current = () => {
    asked ??= ask();
    return asked;
  };
  const look = async (): Promise<void> => {
    asked = ask();
    await asked;
  };
  const timer = setInterval(() => void look(), HALF_A_DAY_MS).unref();
  const files = source.kind === 'files' ? [source.certificate, source.privateKey] : [];
  const watch = watchFiles(files, () => void look(), setup.lookMs);
  const close = () => {
    clearInterval(timer);
    watch.close();
  };
  return { current, known: () => known, look, close };
};

const HALF_A_DAY_MS = 43_200_000;
const SOON_MS = 6 * 86_400_000;

import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type Identity, type IdentitySource, identityFrom } from './identity.ts';

/** Holds the identity of this run, and looks after it. */
export interface IdentityKeeper {
  /** What a connection is to be shown. Tries again where it could not be had before. */
  current(): Promise<Identity | Fault>;
  /** The last one that was had. */
  known(): Identity | undefined;
  /** Looks again, as it does by itself twice a day: files may have been renewed, an end be near. */
  look(): Promise<void>;
  close(): void;
}

interface Setup {
  readonly source: IdentitySource;
  readonly log: Log;
  readonly wallMs: () => number;
  readonly onChange: (identity: Identity) => void;
}

export const keepIdentity = ({ source, log, wallMs, onChange }: Setup): IdentityKeeper => {
  let known: Identity | undefined;
  let asked: Promise<Identity | Fault> | undefined;
  const ask = async (): Promise<Identity | Fault> => {
    const found = await identityFrom(source, wallMs());
    if (isFault(found)) {
      log.error({ fault: found }, "the console's certificate");
      asked = undefined;
      // What was good is better than nothing.
      return known ?? found;
    }
    if (found.fingerprint !== known?.fingerprint) {
      const { fingerprint, untilMs } = found;
      log.info(
        { fingerprint, until: new Date(untilMs).toISOString() },
        "the console's certificate",
      );
      if (known !== undefined) onChange(found);
    }
    if (found.untilMs < wallMs() + SOON_MS) {
      log.warn({ until: new Date(found.untilMs).toISOString() }, "the console's certificate ends");
    }
    known = found;
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
  return { current, known: () => known, look, close: () => clearInterval(timer) };
};

const HALF_A_DAY_MS = 43_200_000;
const SOON_MS = 6 * 86_400_000;

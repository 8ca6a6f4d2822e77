import type { Log } from '#ports/log.ts';

const EVERY_MS = 10_000;

/**
 * Warns of each kind of trouble at once, and then every ten seconds with how often it was: a flood
 * must not fill the disk.
 */
export const sparingWarnings = (log: Log, wallMs: () => number) => {
  const known = new Map<string, { nextMs: number; untold: number }>();
  return (fields: Readonly<Record<string, unknown>>, message: string): void => {
    const kind = known.get(message) ?? { nextMs: 0, untold: 0 };
    known.set(message, kind);
    if (wallMs() < kind.nextMs) {
      kind.untold += 1;
      return;
    }
    const more = kind.untold === 0 ? {} : { before: kind.untold };
    known.set(message, { nextMs: wallMs() + EVERY_MS, untold: 0 });
    log.warn({ ...fields, ...more }, message);
  };
};

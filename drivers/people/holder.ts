import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Moment } from './lock-out.ts';
import { isStill, type OpenedFile, openFile } from './open.ts';
import { COST, type Cost } from './pin-hash.ts';
import { type Store, storeOf } from './store.ts';
import { isBusy, type Trouble, troubleOf } from './troubles.ts';

export interface PeopleOptions {
  /** The database's file, such as ".../people/people.db"; others of its name lie beside it. */
  readonly path: string;
  readonly log: Log;
  /** Wall clock, milliseconds since 1970 UTC. */
  readonly wallMs: () => number;
  /** CLOCK_MONOTONIC in milliseconds. */
  readonly monotonicMs: () => number;
  /** What a guess costs; PINs of a lower cost are hashed anew when somebody signs in. */
  readonly cost?: Cost;
  /** Which start of the machine this is, if the system's own word for it isn't to count. */
  readonly boot?: () => string;
}

/** The database, opened when it is needed, and opened anew when another stands in its place. */
export interface Holder {
  readonly cost: Cost;
  now(): Moment;
  /** Does something with the tables; waits a while, asleep, for another process that writes. */
  use<T>(work: (store: Store) => T): Promise<T | Fault>;
  /** Why it could not be used the last time, for who begins anew. */
  trouble(): Trouble | undefined;
  /** For good, or until the next use. */
  close(forGood: boolean): void;
}

export const holderOf = (options: PeopleOptions): Holder => {
  const { path, log, wallMs, monotonicMs, cost = COST, boot = thisBoot } = options;
  const now = (): Moment => ({ wallMs: wallMs(), monotonicMs: monotonicMs(), boot: boot() });
  let opened: (OpenedFile & { readonly store: Store }) | undefined;
  let trouble: Trouble | undefined;
  let closed = false;

  const drop = (): void => {
    const { db } = opened ?? {};
    opened = undefined;
    db?.close();
  };

  const ready = (): Store => {
    if (opened !== undefined && isStill(path, opened)) return opened.store;
    drop();
    const file = openFile(path);
    try {
      opened = { ...file, store: storeOf(file.db, now()) };
      return opened.store;
    } catch (error) {
      file.db.close();
      throw error;
    }
  };

  const failed = (error: unknown): Fault => {
    const before = trouble?.fault.detail;
    trouble = troubleOf(error, path);
    if (trouble.fault.detail !== before) log.error({ people: path }, trouble.fault.detail);
    drop();
    return trouble.fault;
  };

  return {
    cost,
    now,
    use: async (work) => {
      const patience = performance.now() + PATIENCE_MS;
      for (;;) {
        if (closed) return fault('people', `the people's database ${path} was closed`);
        try {
          const result = work(ready());
          trouble = undefined;
          return result;
        } catch (error) {
          if (!isBusy(error) || performance.now() > patience) return failed(error);
        }
        await sleep(RETRY_MS);
      }
    },
    trouble: () => trouble,
    close: (forGood) => {
      closed ||= forGood;
      drop();
    },
  };
};

const PATIENCE_MS = 2000;
const RETRY_MS = 5;

// random(4): another value at each start of the machine. Where there is none, a monotonic clock
// that went back tells of a start.
const thisBoot = (): string => {
  known ??= readBoot();
  return known;
};

let known: string | undefined;

const readBoot = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
};

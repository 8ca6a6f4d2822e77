import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPeople, type PeopleOptions } from '#drivers/people/index.ts';
import type { Cost } from '#drivers/people/pin-hash.ts';
import type { People } from '#ports/people.ts';
import { type Clocks, clocksAtStart } from '#test/ports/people-suite.ts';
import { type KeptLog, keptLog } from '#test/support/kept-log.ts';

/** Real hashes, but quick ones. */
export const QUICK: Cost = { memoryKiB: 32, passes: 2, lanes: 1 };

/** A folder of the test's own with a database's place in it. */
export interface Place {
  readonly folder: string;
  readonly path: string;
  readonly clocks: Clocks;
  readonly log: KeptLog;
  options(more?: Partial<PeopleOptions>): PeopleOptions;
  open(more?: Partial<PeopleOptions>): People;
  remove(): Promise<void>;
}

export const place = async (): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-people-'));
  const path = join(folder, 'people', 'people.db');
  const clocks = clocksAtStart();
  const log = keptLog();
  const opened: People[] = [];
  const options = (more: Partial<PeopleOptions> = {}): PeopleOptions => ({
    path,
    log,
    wallMs: () => clocks.wallMs,
    monotonicMs: () => clocks.monotonicMs,
    boot: () => clocks.boot,
    cost: QUICK,
    ...more,
  });
  return {
    folder,
    path,
    clocks,
    log,
    options,
    open: (more) => {
      const people = openPeople(options(more));
      opened.push(people);
      return people;
    },
    remove: async () => {
      for (const people of opened) await people.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

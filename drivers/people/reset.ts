import { existsSync, renameSync, rmSync } from 'node:fs';
import { type Fault, isFault } from '#ports/fault.ts';
import { holderOf, type PeopleOptions } from './holder.ts';
import { filesOf, markOf, syncFolder } from './open.ts';
import { troubleOf } from './troubles.ts';

/** Who is removed; of a database that can't be read, nobody knows. */
export interface Removal {
  readonly names: readonly string[] | undefined;
  /** Where the damaged database is kept. */
  readonly aside?: string;
}

/**
 * The way back in when no manager knows their PIN any more, or the database is ruined: everybody is
 * removed, and the next one to be added is the first. A database that can't be read is kept aside.
 * @param record asked first: a Fault, and nothing is changed
 */
export const resetPeople = async (
  options: PeopleOptions,
  record: (removal: Removal) => Promise<Fault | undefined>,
): Promise<Removal | Fault> => {
  const { path } = options;
  const holder = holderOf(options);
  try {
    const all = await holder.use((store) => store.all(holder.now()));
    if (!isFault(all)) {
      const removal = { names: all.map(({ person }) => person.name) };
      const cleared = (await record(removal)) ?? (await holder.use((store) => store.clear()));
      return cleared ?? removal;
    }
    if (holder.trouble()?.kind !== 'ruined') return all;
    const removal = asideOf(path, options.wallMs());
    const unwritten = await record(removal);
    if (unwritten !== undefined) return unwritten;
    putAside(path, removal.aside);
    const opened = await holder.use(() => undefined);
    return opened ?? removal;
  } catch (error) {
    return troubleOf(error, path).fault;
  } finally {
    holder.close(true);
  }
};

const asideOf = (path: string, wallMs: number): Removal => {
  const time = new Date(wallMs).toISOString().replace(/\W/g, '');
  return existsSync(path)
    ? { names: undefined, aside: `${path}-${time}.damaged` }
    : { names: undefined };
};

const putAside = (path: string, aside: string | undefined): void => {
  const asides = aside === undefined ? [] : filesOf(aside);
  for (const [at, file] of filesOf(path).entries()) {
    const target = asides[at];
    if (!existsSync(file)) continue;
    // Without the database what belongs to it is of no use.
    if (target === undefined) rmSync(file);
    else renameSync(file, target);
  }
  rmSync(markOf(path), { force: true });
  syncFolder(path);
};

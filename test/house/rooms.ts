import { type Import, targetOf } from './imports.ts';

/** What a row of ARCHITECTURE.md's table allows to one room. */
export interface Room {
  /** Path from the project's folder: `src/tlv`, `src/main.ts`, `drivers/pcsc`. */
  readonly path: string;
  readonly rooms: readonly Allowed[];
  readonly libraries: readonly Allowed[];
}

interface Allowed {
  readonly name: string;
  readonly typesOnly: boolean;
}

const EVERYTHING = 'everything';

/** Reads the table whose head starts with "room | may import | libraries". */
export const roomsIn = (markdown: string): Room[] => {
  const lines = markdown.split('\n');
  const head = lines.findIndex((line) =>
    /^\|\s*room\s*\|\s*may import\s*\|\s*libraries/.test(line),
  );
  const rooms: Room[] = [];
  if (head < 0) return rooms;
  for (const line of lines.slice(head + 2)) {
    if (!line.startsWith('|')) break;
    const [, names = '', imports = '', libraries = ''] = line.split('|');
    const above = rooms.map((room) => ({ name: room.path, typesOnly: false }));
    const allowed = list(imports).flatMap((entry) =>
      entry.name === 'all above' ? above : [{ ...entry, name: pathOf(entry.name) }],
    );
    for (const { name } of list(names)) {
      rooms.push({ path: pathOf(name), rooms: allowed, libraries: list(libraries) });
    }
  }
  return rooms;
};

/** The room that a file lies in. */
export const roomOf = (rooms: readonly Room[], file: string): Room | undefined =>
  rooms.find(({ path }) => file === path || file.startsWith(`${path}/`));

/** Says what the table forbids, a line for each import; empty when all is well. */
export const trespasses = (rooms: readonly Room[], imports: readonly Import[]): string[] =>
  imports.flatMap((one) => {
    const room = roomOf(rooms, one.from);
    if (!room) return [`${one.from} lies in no room`];
    const problem = one.specifier === undefined ? 'a computed import' : forbidden(rooms, room, one);
    return problem ? [`${one.from}:${one.line} ${room.path} may not import ${problem}`] : [];
  });

/** Each cycle once, as the files on it. */
export const cyclesAmong = (imports: readonly Import[]): string[] => {
  const next = new Map<string, Set<string>>();
  for (const one of imports) {
    const target = targetOf(one);
    if (!('file' in target)) continue;
    next.set(one.from, (next.get(one.from) ?? new Set()).add(target.file));
  }
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const seen = path.indexOf(file);
    if (seen >= 0) cycles.push([...path.slice(seen), file].join(' → '));
    if (seen >= 0 || done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return cycles;
};

const forbidden = (rooms: readonly Room[], room: Room, one: Import): string | undefined => {
  const target = targetOf(one);
  const permits = ({ typesOnly }: Allowed): boolean => !typesOnly || one.typeOnly;
  if ('library' in target) {
    const matches = (name: string): boolean =>
      name === target.library ||
      name === EVERYTHING ||
      (name === 'node:*' && target.library.startsWith('node:'));
    const ok = room.libraries.some((entry) => matches(entry.name) && permits(entry));
    return ok ? undefined : target.library;
  }
  const owner = roomOf(rooms, target.file);
  if (owner?.path === room.path) return undefined;
  const ok = room.rooms.some(
    (entry) =>
      (entry.name === EVERYTHING || (owner && entry.name === owner.path)) && permits(entry),
  );
  return ok ? undefined : `${target.file} (${one.specifier})`;
};

const list = (cell: string): Allowed[] =>
  cell
    .replaceAll('`', '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '' && entry !== '–')
    .map((entry) => ({
      name: entry.replace(/ \(types only\)$/, ''),
      typesOnly: entry.endsWith('(types only)'),
    }));

const pathOf = (name: string): string =>
  name === EVERYTHING || name.startsWith('drivers/') ? name : `src/${name}`;

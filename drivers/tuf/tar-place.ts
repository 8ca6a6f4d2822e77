import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { piecesFrom, readingOf } from './folder-place.ts';
import { isPlainPath, type Place, Refused } from './place.ts';

/**
 * A repository packed as a tar. Nothing is unpacked: metadata are kept in memory, within limits,
 * and a target is read out of the archive when it is asked for.
 */
export const tarPlace = (path: string): Place => {
  let known: Promise<Contents> | undefined;
  return {
    name: path,
    open: async (name, _, signal) => {
      known ??= contentsOf(path, signal);
      const { metadata, targets } = await known.catch((error) => {
        known = undefined;
        throw error;
      });
      const found = metadata.get(name);
      if (found) return { start: 0, size: found.length, pieces: Readable.from([found]) };
      const size = targets.get(name);
      return size === undefined ? 'absent' : { start: 0, size, pieces: contentsIn(path, name) };
    },
    close: () => {
      known = undefined;
    },
  };
};

/** Its pieces are bytes. */
type Entry = AsyncIterable<unknown> & { readonly header: Header };

interface Contents {
  readonly metadata: ReadonlyMap<string, Buffer>;
  /** Their sizes. */
  readonly targets: ReadonlyMap<string, number>;
}

const MOST_ENTRIES = 20_000;
const MOST_METADATA_BYTES = 16 * 1024 * 1024;

const contentsOf = async (path: string, signal: AbortSignal): Promise<Contents> => {
  const metadata = new Map<string, Buffer>();
  const targets = new Map<string, number>();
  let entries = 0;
  let bytes = 0;
  for await (const entry of entriesOf(path)) {
    if (signal.aborted) throw new Refused('unreachable', `reading ${path} was given up`);
    const { size } = entry.header;
    const name = nameOf(entry, path);
    entries += 1;
    if (entries > MOST_ENTRIES) throw unreadable(path, `has more than ${MOST_ENTRIES} entries`);
    if (name === undefined) {
      await skipped(entry, path);
      continue;
    }
    if (metadata.has(name) || targets.has(name)) throw unreadable(path, `holds ${name} twice`);
    if (name.startsWith('targets/')) {
      targets.set(name, size);
      await skipped(entry, path);
      continue;
    }
    bytes += size;
    if (bytes > MOST_METADATA_BYTES) {
      const detail = `${path} holds more than ${MOST_METADATA_BYTES} bytes of metadata`;
      throw new Refused('endless', detail);
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of bytesOf(entry, path)) pieces.push(piece);
    metadata.set(name, Buffer.concat(pieces));
  }
  if (metadata.size === 0) throw unreadable(path, 'holds no metadata/');
  return { metadata, targets };
};

async function* contentsIn(path: string, name: string): AsyncGenerator<Uint8Array> {
  for await (const entry of entriesOf(path)) {
    if (nameOf(entry, path) === name) {
      yield* bytesOf(entry, path);
      return;
    }
    await skipped(entry, path);
  }
}

// Undefined for what we have no use for: folders, and plain names at the top such as a README.
const nameOf = ({ header }: Entry, path: string): string | undefined => {
  const { type, name } = header;
  const plain = name.replace(/^\.\//, '').replace(/\/$/, '');
  if (type === 'directory' && (plain === '' || plain === '.' || isInside(plain))) return undefined;
  if (type !== 'file' || !isInside(plain)) {
    const what = type === 'file' || type === 'directory' ? 'path' : (type ?? 'entry');
    throw unreadable(path, `holds a ${what} that no repository has: ${shown(name)}`);
  }
  return isPlainPath(plain) ? plain : undefined;
};

const isInside = (name: string): boolean =>
  name !== '' && name.split('/').every((part) => !/^\.*$/.test(part) && !/[\\\0]/.test(part));

const shown = (name: string): string => JSON.stringify(name.slice(0, 80));

const unreadable = (path: string, what: string): Refused =>
  new Refused('unreadable', `${path} ${what}: have it packed anew`);

async function* bytesOf(entry: Entry, path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of entry) if (piece instanceof Uint8Array) yield piece;
  } catch (error) {
    throw brokenOff(error, path);
  }
}

const skipped = async (entry: Entry, path: string): Promise<void> => {
  for await (const _ of bytesOf(entry, path)) {
    // Only what was asked for is kept.
  }
};

const brokenOff = (error: unknown, path: string): Refused =>
  error instanceof Refused
    ? error
    : unreadable(path, `is no tar, or ends too early (${(error as Error).message})`);

// Entries one after the other, each to be read to its end; the file is closed whatever happens.
async function* entriesOf(path: string): AsyncGenerator<Entry> {
  const file = await opened(path);
  const source = Readable.from(piecesFrom(file, 0, path));
  const archive = extract();
  // Its own errors and the file's alike end the loop below.
  source.on('error', (error) => archive.destroy(error));
  source.pipe(archive);
  try {
    for await (const entry of archive) yield entry;
  } catch (error) {
    throw brokenOff(error, path);
  } finally {
    source.destroy();
    archive.destroy();
  }
}

const opened = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path);
  } catch (error) {
    throw readingOf(error, path);
  }
};

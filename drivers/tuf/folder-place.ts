import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type Opened, type Place, Refused } from './place.ts';

/** A repository in a folder, such as a USB stick's: metadata/ and targets/ lie in it. */
export const folderPlace = (folder: string): Place => ({
  name: folder,
  open: async (path, from) => {
    try {
      return await openedIn(folder, path, from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && (await isFolder(`${folder}/metadata`))) return 'absent';
      if (code === 'ENOENT' && (await isFolder(folder))) {
        throw new Refused('unreadable', `${folder} holds no metadata/: it is no repository`);
      }
      throw readingOf(error, folder);
    }
  },
  close: () => undefined,
});

/** What an error of the system comes to for whoever holds the stick. */
export const readingOf = (error: unknown, where: string): Refused => {
  if (error instanceof Refused) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const detail = `${where} can't be read, is the stick still plugged in? (${message})`;
  return new Refused('unreachable', detail);
};

/** The file's pieces from there on; the handle is closed whatever happens. */
export async function* piecesFrom(
  file: FileHandle,
  from: number,
  where: string,
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = from; ; ) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } catch (error) {
    throw readingOf(error, where);
  } finally {
    await file.close().catch(() => undefined);
  }
}

const PIECE_BYTES = 128 * 1024;

const openedIn = async (folder: string, path: string, from: number): Promise<Opened> => {
  // A pipe that nobody writes to would keep us for ever.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(`${folder}/${path}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const found = await file.stat();
  if (!found.isFile()) {
    await file.close();
    throw new Refused('unreadable', `${path} in ${folder} is no file`);
  }
  return { start: from, size: found.size, pieces: piecesFrom(file, from, folder) };
};

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};

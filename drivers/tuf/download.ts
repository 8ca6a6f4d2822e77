import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, statfs } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { TargetFile } from '@tufjs/models';
import { type Limits, MOST_POINTER_BYTES } from './limits.ts';
import { type Place, Refused } from './place.ts';
import { receive } from './transfer.ts';
import { onDisk } from './work-folder.ts';

/** Where a target lies in a repository: with consistent snapshots, under its digest. */
export const placeOfTarget = (target: TargetFile, isConsistent: boolean): string => {
  const at = target.path.lastIndexOf('/') + 1;
  const [folder, name] = [target.path.slice(0, at), target.path.slice(at)];
  return `targets/${folder}${isConsistent ? `${target.hashes['sha256']}.` : ''}${name}`;
};

/** A small target, checked whole. Throws `Refused`. */
export const targetBytes = async (
  place: Place,
  target: TargetFile,
  isConsistent: boolean,
  limits: Limits,
  signal: AbortSignal,
): Promise<Buffer> => {
  if (target.length > MOST_POINTER_BYTES) {
    throw new Refused('content', `${target.path} has ${target.length} bytes, too many for it`);
  }
  let pieces: Uint8Array[] = [];
  const sink = {
    write: (piece: Uint8Array) => void pieces.push(piece),
    reset: () => {
      pieces = [];
    },
  };
  const path = placeOfTarget(target, isConsistent);
  refuseMissing(await receive(place, path, target.length, sink, limits, signal), place, path);
  const bytes = Buffer.concat(pieces);
  await checked(place, target, Readable.from([bytes]));
  return bytes;
};

/**
 * Takes a target into a file of our own and checks it there, where no stick can be exchanged any
 * more. The file is gone unless it is what was signed for. Throws `Refused`.
 */
export const targetFile = async (
  place: Place,
  target: TargetFile,
  isConsistent: boolean,
  to: { readonly file: string; readonly folder: string },
  limits: Limits,
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<void> => {
  if (target.length > limits.mostTargetBytes) {
    const most = limits.mostTargetBytes;
    const detail = `${target.path} has ${target.length} bytes, and ${most} is the most`;
    throw new Refused('endless', detail);
  }
  await refuseFullDisk(to.folder, target);
  const file = await onDisk(() => open(to.file, 'wx', 0o600));
  let isGood = false;
  try {
    const path = placeOfTarget(target, isConsistent);
    const sink = intoFile(file, progress);
    refuseMissing(await receive(place, path, target.length, sink, limits, signal), place, path);
    await checked(place, target, createReadStream(to.file));
    isGood = true;
  } finally {
    await file.close();
    if (!isGood) await rm(to.file, { force: true });
  }
};

const intoFile = (file: FileHandle, progress: (bytes: number) => void) => {
  let at = 0;
  return {
    write: (piece: Uint8Array) =>
      onDisk(async () => {
        for (let done = 0; done < piece.length; ) {
          const { bytesWritten } = await file.write(piece, done, piece.length - done, at);
          done += bytesWritten;
          at += bytesWritten;
        }
        progress(at);
      }),
    reset: () =>
      onDisk(async () => {
        at = 0;
        await file.truncate(0);
      }),
  };
};

const refuseMissing = (received: number | 'absent', place: Place, path: string): void => {
  if (received !== 'absent') return;
  throw new Refused('unreachable', `${place.name} lacks ${path}, is it only half copied?`);
};

const refuseFullDisk = (folder: string, { length, path }: TargetFile): Promise<void> =>
  onDisk(async () => {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free >= length) return;
    const detail = `${path} has ${length} bytes, and the disk has room for ${free}: make room`;
    throw new Refused('disk', detail);
  });

const checked = async (place: Place, target: TargetFile, stream: Readable): Promise<void> => {
  try {
    await target.verify(stream);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw new Refused('disk', `this machine's disk: ${message}`);
    const detail = `${target.path} of ${place.name} isn't what was signed for (${message})`;
    throw new Refused('content', detail);
  }
};

import * as v from 'valibot';
import type { Disk } from '#ports/disk.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';

/** What is known of the latest transfer to one peripheral, across restarts and power cuts. */
export interface Note {
  /** Of the image. */
  readonly sha256: string;
  readonly version: string;
  /** Written before the first byte goes out, until the device runs it. */
  readonly underWay: boolean;
  /** Of this image, since it last succeeded. */
  readonly tries: number;
}

/** A device that still runs is not put through the same failure again and again. */
export const MOST_TRIES = 3;

type Notes = { readonly disk: Disk; readonly notes: string };

/** Undefined when there is none, or none that can be read: then nothing is known. */
export const readNote = async (
  { disk, notes }: Notes,
  peripheral: string,
): Promise<Note | undefined> => {
  const pieces: Uint8Array[] = [];
  const path = `${notes}/${peripheral}.json`;
  const read = await disk.read(path, (piece) => pieces.push(Uint8Array.from(piece)));
  return read === undefined ? noteIn(Buffer.concat(pieces).toString()) : undefined;
};

/** On the disk, whole or as it was before, whenever the power goes. */
export const writeNote = async (
  { disk, notes }: Notes,
  peripheral: string,
  note: Note,
): Promise<Fault | undefined> => {
  const path = `${notes}/${peripheral}.json`;
  // Its own name must be there after a power cut, too.
  const above = notes.slice(0, notes.lastIndexOf('/')) || '/';
  const unmade = (await disk.makeFolder(notes)) ?? (await disk.syncFolder(above));
  if (unmade !== undefined) return unmade;
  const file = await disk.create(`${path}.new`, 0o600);
  if (isFault(file)) return file;
  const text = JSON.stringify({ format: 1, ...note });
  const failed = (await file.write(Buffer.from(text))) ?? (await file.sync());
  return (
    (await file.close()) ??
    failed ??
    (await disk.rename(`${path}.new`, path)) ??
    (await disk.syncFolder(notes))
  );
};

/**
 * Those whose transfer began and never came to its end: the power went, or the process died. They
 * may wait in their bootloaders, so a start looks for updates at once when there are any.
 */
export const unfinishedFirmware = async (where: Notes): Promise<readonly string[] | Fault> => {
  const entries = await where.disk.list(where.notes);
  if (entries === 'absent') return [];
  if (isFault(entries)) return fault('disk', entries.detail);
  const names: string[] = [];
  for (const { name, kind } of entries) {
    if (kind !== 'file' || !name.endsWith('.json')) continue;
    const peripheral = name.slice(0, -'.json'.length);
    if ((await readNote(where, peripheral))?.underWay) names.push(peripheral);
  }
  return names;
};

const schema = v.object({
  format: v.literal(1),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  version: v.string(),
  underWay: v.boolean(),
  tries: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

const noteIn = (text: string): Note | undefined => {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    if (!parsed.success) return undefined;
    const { format: _, ...note } = parsed.output;
    return note;
  } catch {
    return undefined;
  }
};

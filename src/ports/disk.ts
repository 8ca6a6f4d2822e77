import type { Fault } from './fault.ts';

/** What a folder holds under one name; `other` is a symbolic link, a device, a socket. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  /** The nine bits of permission, such as 0o644. */
  readonly mode: number;
}

/** A file being written. Nothing of it is certain to survive a power cut before `sync`. */
export interface WritableFile {
  write(piece: Uint8Array): Promise<Fault | undefined>;
  /** Its contents are on the disk when it resolves; its name is not, see `Disk.syncFolder`. */
  sync(): Promise<Fault | undefined>;
  close(): Promise<Fault | undefined>;
}

/** Held until `release`, or until its process ends, however it ends. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * The few things that an installation asks of a disk, one operation of the system each, so that a
 * power cut between any two of them can be tried. Paths are absolute; faults are of kind `disk`.
 */
export interface Disk {
  /**
   * Gives a file to `take` piece by piece. Resolves to "absent" when there is none, also where a
   * symbolic link stands: none is followed at the end of a path.
   */
  read(path: string, take: (piece: Uint8Array) => void): Promise<'absent' | Fault | undefined>;
  /** Makes a file, or empties the one that is there. */
  create(path: string, mode: number): Promise<WritableFile | Fault>;
  /** The contents of a file that was closed unsynced are on the disk when it resolves. */
  syncFile(path: string): Promise<Fault | undefined>;
  /** Names made, renamed and removed in this folder are on the disk when it resolves. */
  syncFolder(path: string): Promise<Fault | undefined>;
  /** In one step: whoever looks, also after a power cut, finds the old file or the new one. */
  rename(from: string, to: string): Promise<Fault | undefined>;
  /** A file, or a folder that is empty; what isn't there is no fault. */
  remove(path: string): Promise<Fault | undefined>;
  /** The folder above must be there; a folder that is there already is no fault. */
  makeFolder(path: string): Promise<Fault | undefined>;
  /** "absent" when there is no such folder; else by name. */
  list(path: string): Promise<readonly FolderEntry[] | 'absent' | Fault>;
  /** Bytes that can still be written to the file system that holds this folder. */
  freeBytes(path: string): Promise<number | Fault>;
  /**
   * Takes the lock of this name, a small file that is made where there is none; "taken" while any
   * other holds it, in this process or another.
   */
  lock(path: string): Promise<Lock | 'taken' | Fault>;
}

import type { Untrusted, UntrustedReason } from '#ports/trusted-source.ts';

/** A file of a repository that is being read. */
export interface Opened {
  /** Where in the file the first piece begins: what was asked for, or 0. */
  readonly start: number;
  /** The file's whole length as the place has it, unsigned; absent where it says nothing. */
  readonly size?: number | undefined;
  /** Throws `Refused`. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** One way to the files of a repository, trusted with nothing. */
export interface Place {
  /** As a technician knows it: an address, a folder or a file. */
  readonly name: string;
  /**
   * @param path in the repository, such as "metadata/timestamp.json": see `isPlainPath`
   * @param from the byte to begin with, where the place can
   * Throws `Refused`; ends at once when `signal` says so.
   */
  open(path: string, from: number, signal: AbortSignal): Promise<Opened | 'absent'>;
  close(): void;
}

/** tuf-js wants to be told by a throw; nobody outside of this driver meets it. */
export class Refused extends Error {
  readonly why: Untrusted;
  /** Whether another attempt may go better. */
  readonly isPassing: boolean;

  constructor(untrusted: UntrustedReason, detail: string, isPassing = false) {
    super(detail);
    this.why = { untrusted, detail };
    this.isPassing = isPassing;
  }
}

/** Plain names in metadata/ or targets/, so that no path leads out of a folder or an archive. */
export const isPlainPath = (path: string): boolean =>
  path.length <= 512 && PLAIN.test(path) && !path.split('/').some((name) => /^\.+$/.test(name));

const PLAIN = /^(?:metadata|targets)(?:\/[A-Za-z0-9._+%-]{1,255})+$/;

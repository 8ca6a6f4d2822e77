import type { Fault } from './fault.ts';

/**
 * Keeps what a driver writes to a file readable on this machine alone: authenticated encryption
 * under a key that isn't in that file, but in this machine or in a security module.
 * Faults are of kind `keys`, and hold no byte of what was to be sealed.
 */
export interface Sealer {
  /** Stands in the file's head: a file is opened by the sealer that sealed it. ASCII, up to 16. */
  readonly name: string;
  /**
   * Makes the key when there is none yet.
   * @param about what the bytes belong to: `open` needs the same
   */
  seal(plain: Uint8Array, about: Uint8Array): Promise<Uint8Array | Fault>;
  /** Never makes a key. The caller fills what it gets with zeros after use. */
  open(sealed: Uint8Array, about: Uint8Array): Promise<Uint8Array | Fault>;
  /**
   * Makes everything that was sealed unreadable for good. What can be done at once is done before
   * the first await: this is called when somebody opens the case.
   */
  destroy(): Promise<Fault | undefined>;
  close(): Promise<void>;
}

/** Tries a release that isn't current yet, in a process of its own. */
export interface SelfTest {
  /**
   * `slotPath` is the folder of the whole release. The release finds its reader, opens a copy of
   * the journal with its configuration migrated on a copy, gets an echo from the host, and draws.
   * Resolves to undefined when it can, else to why not, in a sentence for a technician; a process
   * that ends by a signal, says nothing or takes too long is a reason as well, never a rejection.
   * `signal` ends it at once, with all that it started.
   */
  run(slotPath: string, signal?: AbortSignal): Promise<undefined | string>;
}

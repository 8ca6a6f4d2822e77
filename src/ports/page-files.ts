/** A page as it was built, in memory: a request is looked up by name and reaches no disk. */
export interface PageFiles {
  /** The file at a URL path such as "/assets/index-1a2b.js"; undefined when there is none. */
  at(path: string): PageFile | undefined;
  /** Changes whenever the built page does; undefined while it isn't built. */
  version(): string | undefined;
  /** Looks again when the page was missing, so that building it needs no restart. */
  refresh(): Promise<void>;
}

export interface PageFile {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Names with a hash of their content never change; the rest is asked for each time. */
  readonly cacheControl: string;
}

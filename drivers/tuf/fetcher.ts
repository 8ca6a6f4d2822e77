import { BaseFetcher } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import type { Untrusted } from '#ports/trusted-source.ts';
import type { Limits } from './limits.ts';
import { type Place, Refused } from './place.ts';
import { receive } from './transfer.ts';

/** Never asked for: tuf-js joins addresses, we take the path. */
export const METADATA_BASE = 'https://repository.invalid/metadata';

/** tuf-js's way to the metadata of a place: in memory, within limits, never more than `most`. */
export class PlaceFetcher extends BaseFetcher {
  /** The last metadata of each name that came in, trusted or not. */
  readonly received = new Map<string, Buffer>();
  trouble: Untrusted | undefined;
  readonly #place: Place;
  readonly #limits: Limits;
  readonly #signal: AbortSignal;

  constructor(place: Place, limits: Limits, signal: AbortSignal) {
    super();
    this.#place = place;
    this.#limits = limits;
    this.#signal = signal;
  }

  override async downloadBytes(url: string, most: number): Promise<Buffer> {
    const path = new URL(url).pathname.slice(1);
    let bytes: Uint8Array[] = [];
    const sink = {
      write: (piece: Uint8Array) => void bytes.push(piece),
      reset: () => {
        bytes = [];
      },
    };
    const got = await this.#told(() =>
      receive(this.#place, path, most, sink, this.#limits, this.#signal),
    );
    if (got === 'absent') {
      this.#miss(path);
      throw new DownloadHTTPError(`${path} isn't there`, 404);
    }
    const all = Buffer.concat(bytes);
    this.received.set(decodeURIComponent(path.split('/').at(-1) ?? path), all);
    return all;
  }

  /** Only metadata come this way; targets go straight to a file. */
  override fetch(): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    throw new Error('metadata are read whole');
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused) this.trouble = error.why;
      throw error;
    }
  }

  // That there is no next root is how a client learns that it has the newest.
  #miss(path: string): void {
    const { name } = this.#place;
    if (/\/\d+\.root\.json$/.test(path)) return;
    this.trouble = path.endsWith('/timestamp.json')
      ? { untrusted: 'unreadable', detail: `${name} has no ${path}: it is no repository` }
      : { untrusted: 'mixAndMatch', detail: `${name} lacks ${path}, is it only half copied?` };
  }
}

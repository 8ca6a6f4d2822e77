import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { MOST_MANIFEST_BYTES } from './manifest.ts';
import { calledOff, type Refusal, refusal } from './refusal.ts';

/** How a bundle begins, once it is unpacked; then four bytes of length, and the manifest. */
export const MAGIC = 'countertap bundle 1\n';

/** A bundle, read from the front. Holds one piece at a time, whatever its size. */
export interface Incoming {
  /** The bytes of manifest.json, as they stand. */
  manifest(): Promise<Uint8Array | Refusal>;
  /** Gives the next `size` bytes to `take`; what `take` returns ends it at once. */
  contents<T>(
    size: number,
    take: (piece: Uint8Array) => Promise<T | undefined>,
  ): Promise<T | Refusal | undefined>;
  /** A refusal unless nothing follows. */
  end(): Promise<Refusal | undefined>;
  /** Lets go of the source, read to its end or not. */
  close(): Promise<void>;
}

/**
 * What comes from a disk, a stick or the net: plain, or packed by gzip or zstd.
 * @param signal ends it with "aborted", also while the source says nothing
 */
export const readBundle = (
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal = new AbortController().signal,
): Incoming => {
  const { next, close } = piecesOf(source, signal);

  const contents: Incoming['contents'] = async (size, take) => {
    for (let left = size; left > 0; ) {
      const piece = await next(left);
      if (piece === undefined) return refusal('truncated', 'the bundle ends too early');
      if ('refused' in piece) return piece;
      left -= piece.length;
      const taken = await take(piece);
      if (taken !== undefined) return taken;
    }
    return undefined;
  };

  const bytes = async (size: number): Promise<Buffer | Refusal> => {
    const found: Uint8Array[] = [];
    const problem = await contents<never>(size, async (piece) => {
      found.push(Uint8Array.from(piece));
      return undefined;
    });
    return problem ?? Buffer.concat(found);
  };

  return {
    contents,
    manifest: async () => {
      const head = await bytes(MAGIC.length + 4);
      if ('refused' in head) return head;
      if (head.toString('latin1', 0, MAGIC.length) !== MAGIC) {
        return refusal('unreadable', 'this is no bundle of Countertap');
      }
      const size = head.readUInt32BE(MAGIC.length);
      if (size > MOST_MANIFEST_BYTES) return refusal('manifest', 'manifest.json is too large');
      return bytes(size);
    },
    end: async () => {
      const piece = await next(1);
      if (piece === undefined || 'refused' in piece) return piece;
      return refusal('lying', 'the bundle goes on after its last file');
    },
    close,
  };
};

interface Pieces {
  /** At most `most` bytes; undefined at the end. A source that throws is a fault of the world. */
  next(most: number): Promise<Uint8Array | Refusal | undefined>;
  close(): Promise<void>;
}

const piecesOf = (source: AsyncIterable<Uint8Array>, signal: AbortSignal): Pieces => {
  const pieces = unpacked(source)[Symbol.asyncIterator]();
  const aborted = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  let rest: Uint8Array = new Uint8Array();
  return {
    next: async (most) => {
      const over = calledOff(signal);
      if (over) return over;
      while (rest.length === 0) {
        let step: IteratorResult<Uint8Array, unknown> | 'aborted';
        try {
          step = await Promise.race([pieces.next(), aborted]);
        } catch (error) {
          return brokenOff(error);
        }
        if (step === 'aborted') return calledOff(signal);
        if (step.done) return undefined;
        rest = step.value;
      }
      const piece = rest.subarray(0, most);
      rest = rest.subarray(piece.length);
      return piece;
    },
    close: async () => {
      const letGo = Promise.resolve(pieces.return?.()).catch(() => undefined);
      // A source that says nothing can't be let go before it does.
      if (!signal.aborted) await Promise.race([letGo, aborted]);
    },
  };
};

const brokenOff = (error: unknown): Refusal => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // zlib's words for a stream that is cut.
  if (code === 'Z_BUF_ERROR') return refusal('truncated', 'the bundle ends too early');
  return refusal('unreadable', `the bundle can't be read: ${String(message).slice(0, 200)}`);
};

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  try {
    let head: Uint8Array = new Uint8Array();
    while (head.length < 4) {
      const step = await pieces.next();
      if (step.done) break;
      head = Buffer.concat([head, step.value]);
    }
    const whole = async function* (): AsyncIterable<Uint8Array> {
      yield head;
      for (let step = await pieces.next(); !step.done; step = await pieces.next()) yield step.value;
    };
    const packing = Buffer.from(head.subarray(0, 4)).toString('hex');
    if (packing.startsWith('1f8b')) yield* through(whole(), createGunzip());
    else if (packing === '28b52ffd') yield* through(whole(), createZstdDecompress());
    else yield* whole();
  } finally {
    await pieces.return?.();
  }
}

// The reader meets what went wrong in either stream; nobody else has to.
const through = (source: AsyncIterable<Uint8Array>, unpack: Transform): AsyncIterable<Uint8Array> =>
  pipeline(Readable.from(source, { objectMode: false }), unpack, () => undefined);

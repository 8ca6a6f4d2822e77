import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Bytes to look for, kept so that they don't find themselves. */
export interface Needle {
  readonly masked: readonly number[];
}

export const needleOf = (bytes: Uint8Array): Needle => ({
  masked: Array.from(bytes.subarray(0, 16), (byte) => byte ^ MASK),
});

/** How often they stand in what this process may write to: heaps, stacks, buffers. proc(5) */
export const copiesInMemory = ({ masked }: Needle): number => {
  const memory = openSync('/proc/self/mem', 'r');
  const window = Buffer.alloc(1 << 20);
  let copies = 0;
  for (const [from, to] of writable()) {
    // Windows overlap, so that no copy hides between two of them.
    for (let at = from; at < to; at += window.length - masked.length) {
      try {
        const length = readSync(memory, window, 0, Math.min(window.length, to - at), at);
        copies += occurrences(window.subarray(0, length), masked);
      } catch {
        // Memory that isn't there, such as a guard page.
      }
      window.fill(0);
    }
  }
  closeSync(memory);
  return copies;
};

const MASK = 0xff;

const writable = (): [from: number, to: number][] =>
  readFileSync('/proc/self/maps', 'latin1')
    .split('\n')
    .flatMap((line) => {
      const range = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      return range
        ? [[Number.parseInt(range[1] ?? '', 16), Number.parseInt(range[2] ?? '', 16)]]
        : [];
    });

const occurrences = (bytes: Buffer, masked: readonly number[]): number => {
  const first = (masked[0] ?? 0) ^ MASK;
  let count = 0;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (
      at + masked.length <= bytes.length &&
      masked.every((b, i) => bytes[at + i] === (b ^ MASK))
    ) {
      count++;
    }
  }
  return count;
};

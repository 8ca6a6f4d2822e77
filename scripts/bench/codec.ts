import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { decode, dialects, encode } from '#iso8583/index.ts';
import { request } from '#test/iso8583/messages.ts';
import { NpmMessage, npmFields } from '#test/iso8583/npm-iso-8583.ts';

/** Microseconds a message, ours and those of npm's iso_8583, and how many times faster ours are. */
export interface Comparison {
  readonly name: 'encode' | 'decode';
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
}

/**
 * Encodes and decodes one message of 16 fields with DE 55. Both take turns, a round each, so that a
 * busy moment of the machine meets both alike; the medians are compared.
 * @param rounds how often each has its turn
 */
export const compareCodecs = (rounds: number): readonly Comparison[] => {
  const ascii = dialects['iso8583-1987-ascii'];
  const fields = npmFields(request);
  const ourBytes = encode(request, ascii);
  const theirBytes = new NpmMessage(fields).getBufferMessage();
  if (isMalformed(ourBytes) || !Buffer.isBuffer(theirBytes)) throw new Error('not encoded');
  const expected = toHex(ourBytes).length;
  return [
    compare(
      'encode',
      rounds,
      () => {
        const bytes = encode(request, ascii);
        if (!(bytes instanceof Uint8Array) || bytes.length * 2 !== expected)
          throw new Error('ours');
      },
      () => {
        // As their manual has it: a message object for each message.
        const bytes = new NpmMessage(fields).getBufferMessage();
        if (!Buffer.isBuffer(bytes)) throw new Error('theirs');
      },
    ),
    compare(
      'decode',
      rounds,
      () => {
        const message = decode(ourBytes, ascii);
        if (isMalformed(message) || message.fields.size !== 16) throw new Error('ours');
      },
      () => {
        const message = new NpmMessage().getIsoJSON(theirBytes);
        if (message['55'] === undefined) throw new Error('theirs');
      },
    ),
  ];
};

// Of one round, in messages; ours are more, so that a round takes about as long.
const OURS = 1000;
const THEIRS = 200;

const compare = (
  name: Comparison['name'],
  rounds: number,
  ours: () => void,
  theirs: () => void,
): Comparison => {
  for (let i = 0; i < 5; i++) {
    time(ours, OURS);
    time(theirs, THEIRS);
  }
  const taken = { ours: [] as number[], theirs: [] as number[] };
  for (let i = 0; i < rounds; i++) {
    taken.ours.push(time(ours, OURS));
    taken.theirs.push(time(theirs, THEIRS));
  }
  const medians = { ours: median(taken.ours), theirs: median(taken.theirs) };
  return { name, ...medians, ratio: medians.theirs / medians.ours };
};

const time = (work: () => void, times: number): number => {
  const began = performance.now();
  for (let i = 0; i < times; i++) work();
  return ((performance.now() - began) * 1000) / times;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

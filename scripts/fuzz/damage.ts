import { type Exchange, TRANSCRIPT_FAULTS, type Transcript } from '#transcript/transcript.ts';

/** How thoroughly: every byte and length with 1, every fifth with 5; masks to flip a byte with. */
export interface Thoroughness {
  readonly stride: number;
  readonly masks: readonly number[];
}

const STATUS_WORDS = [
  0x6283, 0x6300, 0x6310, 0x6700, 0x6983, 0x6984, 0x6985, 0x6986, 0x6a81, 0x6a82, 0x6a83, 0x6a88,
  0x6d00, 0x6e00, 0x6f00, 0x9001, 0x0000,
];

/**
 * A tap damaged in every way there is: each answer cut at every length, with each byte flipped,
 * with every status word, and with every fault instead of it.
 */
export function* damages(transcript: Transcript, how: Thoroughness): Generator<Transcript> {
  for (const [at, exchange] of transcript.exchanges.entries()) {
    for (const damaged of damagesOf(exchange, how)) {
      const exchanges = transcript.exchanges.with(at, damaged);
      yield { ...transcript, exchanges, expectations: [] };
    }
  }
}

function* damagesOf(exchange: Exchange, { stride, masks }: Thoroughness): Generator<Exchange> {
  const { command } = exchange;
  for (const fault of TRANSCRIPT_FAULTS) yield { command, fault };
  if (!('response' in exchange)) return;
  const body = exchange.response.subarray(0, -2);
  for (const sw of STATUS_WORDS) yield { command, response: withStatus(body, sw) };
  const first = (command.length * 7 + body.length) % stride;
  for (let at = first; at < body.length; at += stride) {
    yield { command, response: withStatus(body.subarray(0, at), 0x9000) };
    for (const mask of masks) {
      const response = Uint8Array.from(exchange.response);
      response[at] = (response[at] ?? 0) ^ mask;
      yield { command, response };
    }
  }
}

const withStatus = (body: Uint8Array, sw: number): Uint8Array => {
  const response = new Uint8Array(body.length + 2);
  response.set(body);
  response[body.length] = sw >> 8;
  response[body.length + 1] = sw & 0xff;
  return response;
};

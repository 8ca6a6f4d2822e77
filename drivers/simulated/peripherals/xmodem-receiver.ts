// A receiver of XMODEM-1K with CRC, as small bootloaders have it. Reference: C. Forsberg, 1988.

export interface ReceiverTiming {
  /** Between two "C", and until a block that doesn't come is asked for again. */
  readonly waitMs: number;
  /** Silence that ends a block. */
  readonly characterMs: number;
}

export interface Receiver {
  take(bytes: Uint8Array): void;
  /** Leaves the transfer and says nothing more. */
  stop(): void;
}

export interface ReceiverEvents {
  send(bytes: Uint8Array): void;
  /** All of it, with what the last block was filled up with. */
  done(image: Uint8Array): void;
  /** The sender cancelled, or it can't go on. */
  ended(): void;
}

export const receiveXmodem = (
  timing: ReceiverTiming,
  { send, done, ended }: ReceiverEvents,
): Receiver => {
  const assembler = assembleBlocks();
  let image: Uint8Array[] = [];
  let expected = 1;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const say = (...bytes: readonly number[]) => send(Uint8Array.from(bytes));
  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(askAgain, ms);
  };
  const stop = () => {
    isOver = true;
    clearTimeout(timer);
  };
  // Nothing was received yet: "C" says what is wanted, later NAK does.
  const askAgain = () => {
    assembler.forget();
    say(expected === 1 ? C : NAK);
    wait(timing.waitMs);
  };
  const leave = (then: () => void) => {
    stop();
    then();
  };
  const accept = ({ number, data }: Block) => {
    const isNext = number === (expected & 0xff);
    if (!isNext && number !== ((expected - 1) & 0xff)) {
      say(CAN, CAN);
      return leave(ended);
    }
    if (isNext) image = [...image, data];
    if (isNext) expected += 1;
    say(ACK);
  };
  const hear = (heard: Heard) => {
    if (typeof heard === 'object') return accept(heard);
    if (heard === 'cancel') return leave(ended);
    if (heard !== 'end') return;
    say(ACK);
    leave(() => done(Uint8Array.from(Buffer.concat(image))));
  };
  wait(0);
  return {
    take: (bytes) => {
      if (isOver) return;
      const all = assembler.push(bytes);
      // What is damaged is asked for again when the line is silent.
      const isCut = assembler.waits() || all.at(-1) === 'damaged';
      wait(isCut ? timing.characterMs : timing.waitMs);
      for (const heard of all) if (!isOver) hear(heard);
    },
    stop,
  };
};

type Heard = Block | 'damaged' | 'cancel' | 'end';

const assembleBlocks = () => {
  let buffer: number[] = [];
  let cans = 0;
  const between = (byte: number): Heard | undefined => {
    cans = byte === CAN ? cans + 1 : 0;
    if (byte === SOH || byte === STX) buffer = [byte];
    if (cans === 2) return 'cancel';
    return byte === EOT ? 'end' : undefined;
  };
  const next = (byte: number): Heard | undefined => {
    if (buffer.length === 0) return between(byte);
    buffer.push(byte);
    if (buffer.length < lengthOf(buffer)) return undefined;
    const block = readBlock(Uint8Array.from(buffer));
    buffer = [];
    return block ?? 'damaged';
  };
  return {
    push: (bytes: Uint8Array) => [...bytes].flatMap((byte) => next(byte) ?? []),
    /** Whether a block has begun and isn't whole. */
    waits: () => buffer.length > 0,
    forget: () => {
      buffer = [];
    },
  };
};

export interface Block {
  readonly number: number;
  readonly data: Uint8Array;
}

/** A whole block, from SOH or STX to its CRC; undefined when it is damaged. */
export const readBlock = (block: Uint8Array): Block | undefined => {
  const [, number = 0, complement = 0] = block;
  if (block.length !== lengthOf(block) || (number ^ complement) !== 0xff) return undefined;
  // Over data and CRC together nothing is left.
  return remainder(block.subarray(3)) === 0 ? { number, data: block.slice(3, -2) } : undefined;
};

const SOH = 0x01;
const STX = 0x02;
const EOT = 0x04;
const ACK = 0x06;
const NAK = 0x15;
const CAN = 0x18;
const C = 0x43;

const lengthOf = (block: ArrayLike<number>): number => (block[0] === STX ? 1024 : 128) + 5;

const remainder = (bytes: Uint8Array): number => {
  let rest = 0;
  for (const byte of bytes) {
    rest ^= byte << 8;
    for (let i = 0; i < 8; i++) rest = (rest << 1) ^ (rest & 0x8000 ? 0x11021 : 0);
  }
  return rest;
};

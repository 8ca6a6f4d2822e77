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
  let image: Uint8Array[] = [];
  let expected = 1;
  let buffer: number[] = [];
  let cans = 0;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const say = (byte: number) => send(Uint8Array.of(byte));
  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const stop = () => {
    isOver = true;
    clearTimeout(timer);
  };
  // Nothing was received yet: "C" says what is wanted, later NAK does.
  const askAgain = () => {
    buffer = [];
    say(expected === 1 ? C : NAK);
    wait(timing.waitMs, askAgain);
  };
  const cancel = () => {
    send(Uint8Array.of(CAN, CAN));
    stop();
    ended();
  };
  const accept = (block: Block) => {
    if (block.number === ((expected - 1) & 0xff)) return say(ACK);
    if (block.number !== (expected & 0xff)) return cancel();
    image = [...image, block.data];
    expected += 1;
    say(ACK);
  };
  const betweenBlocks = (byte: number): void => {
    cans = byte === CAN ? cans + 1 : 0;
    if (byte === SOH || byte === STX) buffer = [byte];
    if (cans === 2) {
      stop();
      ended();
    }
    if (byte === EOT) {
      say(ACK);
      stop();
      done(Uint8Array.from(Buffer.concat(image)));
    }
  };
  const takeByte = (byte: number) => {
    if (isOver) return;
    if (buffer.length === 0) return betweenBlocks(byte);
    buffer.push(byte);
    if (buffer.length < lengthOf(buffer)) return;
    const block = readBlock(Uint8Array.from(buffer));
    buffer = [];
    // What is damaged is asked for again when the line is silent.
    if (block !== undefined) accept(block);
    else wait(timing.characterMs, askAgain);
  };
  wait(0, askAgain);
  return {
    take: (bytes) => {
      if (isOver) return;
      wait(timing.waitMs, askAgain);
      for (const byte of bytes) takeByte(byte);
      if (!isOver && buffer.length > 0) wait(timing.characterMs, askAgain);
    },
    stop,
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

// Names and numbers: C. Forsberg, XMODEM/YMODEM Protocol Reference, 1988, chapters 7 and 8.

export const CONTROL = {
  /** Begins a block of 128 bytes. */
  SOH: 0x01,
  /** Begins a block of 1024 bytes. */
  STX: 0x02,
  EOT: 0x04,
  ACK: 0x06,
  NAK: 0x15,
  /** Two in a row end the transfer, from either side. */
  CAN: 0x18,
  /** The receiver is ready, and wants CRC-16. */
  C: 0x43,
  /** Fills the last block up. */
  PAD: 0x1a,
} as const;

export type BlockSize = 128 | 1024;

/** A part of an image as it goes into one block. */
export interface Chunk {
  /** First byte of the image, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly size: BlockSize;
}

/**
 * Cuts an image into blocks: 1024 bytes each, and 128 for an end that would leave most of a long
 * one empty, so that at most 127 bytes are added to it.
 */
export const chunksOf = (imageBytes: number): readonly Chunk[] => {
  const chunks: Chunk[] = [];
  for (let from = 0; from < imageBytes; ) {
    const size = imageBytes - from > LONG - SHORT ? LONG : SHORT;
    const to = Math.min(from + size, imageBytes);
    chunks.push({ from, to, size });
    from = to;
  }
  return chunks;
};

/**
 * One block: SOH or STX, its number and the number's complement, data filled up with 1A, CRC.
 * @param number counts from 1; its low eight bits are sent, and 0 follows 255
 * @param data at most `size` bytes
 */
export const encodeBlock = (number: number, data: Uint8Array, size: BlockSize): Uint8Array => {
  const block = new Uint8Array(3 + size + 2).fill(CONTROL.PAD, 3);
  block[0] = size === LONG ? CONTROL.STX : CONTROL.SOH;
  block[1] = number & 0xff;
  block[2] = ~number & 0xff;
  block.set(data, 3);
  const crc = crc16(block.subarray(3, 3 + size));
  block[3 + size] = crc >> 8;
  block[4 + size] = crc & 0xff;
  return block;
};

/**
 * CRC-16/XMODEM: polynomial 1021, begins with 0, nothing reflected, high byte first on the wire.
 * "123456789" gives 31C3.
 */
export const crc16 = (bytes: Uint8Array): number => {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] ?? 0);
  return crc;
};

/**
 * Ends a transfer: a receiver may lose some of them to noise, and one that isn't listening any more
 * gets its line cleaned by the backspaces.
 */
export const CANCEL = Uint8Array.from([...Array(8).fill(CONTROL.CAN), ...Array(8).fill(0x08)]);

export type Reply = 'ack' | 'nak' | 'start' | 'cancel';

/** The receiver's replies out of its bytes. What is none of them is noise, and no reply. */
export const createReplyReader = (): ((bytes: Uint8Array) => readonly Reply[]) => {
  let afterCan = false;
  return (bytes) => {
    const replies: Reply[] = [];
    for (const byte of bytes) {
      // One alone may be noise.
      if (byte === CONTROL.CAN && afterCan) replies.push('cancel');
      afterCan = byte === CONTROL.CAN && !afterCan;
      const reply = REPLIES.get(byte);
      if (reply !== undefined) replies.push(reply);
    }
    return replies;
  };
};

const REPLIES: ReadonlyMap<number, Reply> = new Map([
  [CONTROL.ACK, 'ack'],
  [CONTROL.NAK, 'nak'],
  [CONTROL.C, 'start'],
]);

const SHORT = 128;
const LONG = 1024;
const POLYNOMIAL = 0x1021;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 8;
  for (let i = 0; i < 8; i++) rest = rest & 0x8000 ? (rest << 1) ^ POLYNOMIAL : rest << 1;
  return rest & 0xffff;
});

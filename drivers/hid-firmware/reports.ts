import { crc32 } from 'node:zlib';

// The protocol of README.md. Numbers are little-endian, as HID has them (HID 1.11, 5.8).

/** Bytes of a report behind its id. */
export const REPORT_BYTES = 64;
/** Bytes of the image in one block. */
export const BLOCK_BYTES = 52;
/** SHA-256. */
export const DIGEST_BYTES = 32;

export type CommandName = keyof typeof COMMANDS;

/** What the terminal says. */
export type Command =
  /** What it runs, and how far it has come. */
  | { readonly command: 'status' }
  /** Into the bootloader; the device may leave the bus and come back. */
  | { readonly command: 'enter' }
  /** An image is coming; `anew` forgets what the device holds of one. */
  | {
      readonly command: 'begin';
      readonly anew: boolean;
      readonly imageBytes: number;
      /** Of the whole image. */
      readonly digest: Uint8Array;
    }
  | { readonly command: 'block'; readonly offset: number; readonly data: Uint8Array }
  /** All of it was sent: the device checks the digest, and runs it. */
  | { readonly command: 'end' }
  /** No more for now: the device stays in its bootloader and keeps what it holds. */
  | { readonly command: 'abort' };

/** What the device says to one command. */
export interface Answer {
  readonly command: CommandName;
  /** As in the command that it answers. */
  readonly sequence: number;
  readonly result: Result;
  readonly mode: 'running' | 'bootloader';
  /** How many bytes of the image it holds for certain: where to go on. */
  readonly offset: number;
  /** Of "begin": SHA-256 of those bytes. Of "status": its version, in ASCII, zeros behind it. */
  readonly detail: Uint8Array;
}

export type Result =
  | 'ok'
  | 'unknownCommand'
  | 'damaged' // the block's CRC isn't that of its data
  | 'notExpected' // a block that doesn't go on where the device stands; it says where that is
  | 'tooLarge'
  | 'notInBootloader'
  | 'wrongDigest' // what it holds isn't the image that was announced
  | 'flash'; // it can't be written

/** @returns REPORT_BYTES bytes, without a report id */
export const encodeCommand = (command: Command, sequence: number): Uint8Array => {
  const report = new Uint8Array(REPORT_BYTES);
  const view = new DataView(report.buffer);
  report[0] = COMMANDS[command.command];
  report[1] = sequence & 0xff;
  if (command.command === 'begin') {
    report[2] = command.anew ? 1 : 0;
    view.setUint32(4, command.imageBytes, true);
    report.set(command.digest.subarray(0, DIGEST_BYTES), 8);
  }
  if (command.command === 'block') {
    report[2] = command.data.length;
    view.setUint32(4, command.offset, true);
    view.setUint32(8, blockCheck(command.offset, command.data), true);
    report.set(command.data, 12);
  }
  return report;
};

/** @param report without its id; undefined when it is no answer of this protocol */
export const decodeAnswer = (report: Uint8Array): Answer | undefined => {
  if (report.length < HEAD_BYTES + DIGEST_BYTES) return undefined;
  const [code = 0, sequence = 0, resultCode = 0, modeCode = 0] = report;
  const command = NAMES.get(code & ~ANSWER_BIT);
  const result = RESULTS[resultCode];
  const mode = MODES[modeCode];
  if ((code & ANSWER_BIT) === 0 || !command || !result || !mode) return undefined;
  const offset = new DataView(report.buffer, report.byteOffset).getUint32(4, true);
  const detail = report.slice(HEAD_BYTES, HEAD_BYTES + DIGEST_BYTES);
  return { command, sequence, result, mode, offset, detail };
};

/** CRC-32 (IEEE 802.3) over the offset's four bytes and the data: no block goes elsewhere. */
export const blockCheck = (offset: number, data: Uint8Array): number => {
  const place = new Uint8Array(4);
  new DataView(place.buffer).setUint32(0, offset, true);
  return crc32(data, crc32(place));
};

const HEAD_BYTES = 8;
const ANSWER_BIT = 0x80;

const COMMANDS = { status: 1, enter: 2, begin: 3, block: 4, end: 5, abort: 6 } as const;

const NAMES: ReadonlyMap<number, CommandName> = new Map(
  Object.entries(COMMANDS).map(([name, code]) => [code, name as CommandName]),
);

const RESULTS: readonly Result[] = [
  'ok',
  'unknownCommand',
  'damaged',
  'notExpected',
  'tooLarge',
  'notInBootloader',
  'wrongDigest',
  'flash',
];

const MODES = ['running', 'bootloader'] as const;

import { equal } from '#bytes/bytes.ts';

/** A command APDU taken apart by the card that received it. */
export interface ReceivedCommand {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
}

export type CommandName =
  | 'SELECT PPSE'
  | 'SELECT'
  | 'GET PROCESSING OPTIONS'
  | 'EXCHANGE RELAY RESISTANCE DATA'
  | 'READ RECORD'
  | 'GENERATE AC'
  | 'READ DATA'
  | 'WRITE DATA'
  | 'unknown command';

/** Name of the contactless directory, "2PAY.SYS.DDF01". Book B §3.3.2. */
export const PPSE: Uint8Array = new TextEncoder().encode('2PAY.SYS.DDF01');

/**
 * Splits a short-form command (ISO 7816-4 §5.1): header alone, with Le, with Lc and data, or with
 * both. Undefined when the bytes fit none of these: the card then answers 6700.
 */
export const readCommand = (bytes: Uint8Array): ReceivedCommand | undefined => {
  const [cla, ins, p1, p2, lc] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) {
    return undefined;
  }
  const header = { cla, ins, p1, p2 };
  if (lc === undefined || bytes.length === 5) return { ...header, data: new Uint8Array() };
  // Lc 0 with bytes behind it would be the extended form, which contactless cards here don't take.
  const trailing = bytes.length - 5 - lc;
  if (lc === 0 || trailing < 0 || trailing > 1) return undefined;
  return { ...header, data: bytes.subarray(5, 5 + lc) };
};

/** What a command is called in the books, from its instruction byte; for logs and reports. */
export const commandName = (bytes: Uint8Array): CommandName => {
  switch (bytes[1]) {
    case 0xa4:
      return equal(bytes.subarray(5, 5 + (bytes[4] ?? 0)), PPSE) ? 'SELECT PPSE' : 'SELECT';
    case 0xa8:
      return 'GET PROCESSING OPTIONS';
    case 0xea:
      return 'EXCHANGE RELAY RESISTANCE DATA';
    case 0xb2:
      return 'READ RECORD';
    case 0xae:
      return 'GENERATE AC';
    case 0x32:
      return 'READ DATA';
    case 0x34:
      return 'WRITE DATA';
    default:
      return 'unknown command';
  }
};

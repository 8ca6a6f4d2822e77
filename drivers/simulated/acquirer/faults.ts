import type { Message } from '#iso8583/index.ts';
import { text } from '#iso8583/index.ts';

/** How one answer goes wrong between the ledger and the terminal. */
export interface HostFault {
  readonly meaning: string;
  /** Whether the host gets to see the request, and to book it. */
  readonly recorded: boolean;
  /** What goes out instead of the answer; each frame after its pause. */
  deliver(answer: Message, wire: Wire): Promise<void> | void;
}

/** What a fault may do to the connection, and to the host. */
export interface Wire {
  send(message: Message): void;
  /** A message as bytes, with its MAC, for those who want to damage it. */
  encoded(message: Message): Uint8Array;
  /** Bytes behind their length header, and TPDU where there is one. */
  framed(bytes: Uint8Array): Uint8Array;
  raw(bytes: Uint8Array): void;
  drop(): void;
  /** The host's process ends here and starts again. */
  restart(): void;
  pause(ms: number): Promise<void>;
  /** How late "late" is. */
  readonly lateMs: number;
}

const amount = (answer: Message): string =>
  (Number(text(answer, 4)) + 1).toString().padStart(12, '0');

const changed = (answer: Message, number: number, value: string): Message => ({
  ...answer,
  fields: new Map([...answer.fields, [number, value]]),
});

/** Authorisation and financial, reversal, reconciliation, network management. */
const OTHER_CLASS: Readonly<Record<string, string>> = { 1: '2', 2: '1', 4: '1', 5: '8', 8: '5' };

/** One row a fault, by the name that the control socket knows it by. */
export const faults = {
  late: {
    meaning: 'the answer comes after the terminal has given up',
    recorded: true,
    deliver: async (answer, wire) => {
      await wire.pause(wire.lateMs);
      wire.send(answer);
    },
  },
  silent: { meaning: 'no answer at all', recorded: true, deliver: () => undefined },
  duplicate: {
    meaning: 'the answer comes twice',
    recorded: true,
    deliver: (answer, wire) => {
      wire.send(answer);
      wire.send(answer);
    },
  },
  'wrong-id': {
    meaning: "the answer bears another payment's STAN",
    recorded: true,
    deliver: (answer, wire) => {
      const other = ((Number(text(answer, 11)) + 1) % 1_000_000).toString().padStart(6, '0');
      wire.send(changed(answer, 11, other));
    },
  },
  'wrong-amount': {
    meaning: 'the answer names another amount; without one it is as it should be',
    recorded: true,
    deliver: (answer, wire) =>
      wire.send(answer.fields.has(4) ? changed(answer, 4, amount(answer)) : answer),
  },
  'wrong-mti': {
    meaning: 'the answer is a response of another class',
    recorded: true,
    deliver: (answer, wire) => {
      const other = OTHER_CLASS[answer.mti.charAt(1)] ?? '8';
      wire.send({ ...answer, mti: `0${other}${answer.mti.slice(2)}` });
    },
  },
  'wrong-mac': {
    meaning: 'the last byte of the answer, its MAC where there is one, is another',
    recorded: true,
    deliver: (answer, wire) => {
      const bytes = wire.encoded(answer).slice();
      const last = bytes.length - 1;
      bytes[last] = (bytes[last] ?? 0) ^ 1;
      wire.raw(wire.framed(bytes));
    },
  },
  malformed: {
    meaning: 'the answer is cut short inside a whole frame',
    recorded: true,
    deliver: (answer, wire) => wire.raw(wire.framed(wire.encoded(answer).slice(0, -3))),
  },
  'half-sent': {
    meaning: 'the connection ends in the middle of the answer',
    recorded: true,
    deliver: (answer, wire) => {
      const whole = wire.framed(wire.encoded(answer));
      wire.raw(whole.subarray(0, whole.length >> 1));
      wire.drop();
    },
  },
  'drop-before-record': {
    meaning: 'the connection ends before the host has booked anything',
    recorded: false,
    deliver: (_, wire) => wire.drop(),
  },
  'drop-after-record': {
    meaning: 'the host books the message and the connection ends without an answer',
    recorded: true,
    deliver: (_, wire) => wire.drop(),
  },
  restart: {
    meaning: 'the host books the message, ends without an answer and starts again',
    recorded: true,
    deliver: (_, wire) => wire.restart(),
  },
} as const satisfies Record<string, HostFault>;

export type FaultName = keyof typeof faults;

export const isFaultName = (name: unknown): name is FaultName =>
  typeof name === 'string' && Object.hasOwn(faults, name);

import type { Message } from '#iso8583/index.ts';
import { text } from '#iso8583/index.ts';

/** How one authorisation goes wrong between the ledger and the terminal. */
export interface HostFault {
  readonly meaning: string;
  /** Whether the host gets to see the request, and to book it. */
  readonly recorded: boolean;
  /** What goes out instead of the answer; each frame after its pause. */
  deliver(answer: Message, wire: Wire): Promise<void> | void;
}

/** What a fault may do to the connection. */
export interface Wire {
  send(message: Message): void;
  /** The frame of a message as bytes, for those who want to damage it. */
  framed(message: Message): Uint8Array;
  raw(bytes: Uint8Array): void;
  drop(): void;
  pause(ms: number): Promise<void>;
  /** How late "late" is. */
  readonly lateMs: number;
}

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
      wire.send({ ...answer, fields: new Map([...answer.fields, [11, other]]) });
    },
  },
  malformed: {
    meaning: 'the answer is cut short inside a whole frame',
    recorded: true,
    deliver: (answer, wire) => {
      const cut = wire.framed(answer).slice(0, -3);
      cut[1] = (cut[1] ?? 3) - 3;
      wire.raw(cut);
    },
  },
  'half-sent': {
    meaning: 'the connection ends in the middle of the answer',
    recorded: true,
    deliver: (answer, wire) => {
      const whole = wire.framed(answer);
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
    meaning: 'the host books the payment and the connection ends without an answer',
    recorded: true,
    deliver: (_, wire) => wire.drop(),
  },
} as const satisfies Record<string, HostFault>;

export type FaultName = keyof typeof faults;

export const isFaultName = (name: unknown): name is FaultName =>
  typeof name === 'string' && Object.hasOwn(faults, name);

import { tagText } from '#tlv/tlv.ts';
import type { TapTimes } from './types.ts';

/** Measures one tap. Times in milliseconds of the monotonic clock. */
export interface Stopwatch {
  /** Reader or card were busy for this long with one command, until now. */
  spent(command: string, microseconds: number, nowMs: number): void;
  read(nowMs: number): TapTimes;
}

export const startStopwatch = (cardSeenMs: number): Stopwatch => {
  const commands: { command: string; startMs: number; ms: number }[] = [];
  return {
    spent(command, microseconds, nowMs) {
      const ms = microseconds / 1000;
      const startMs = Math.max(0, nowMs - cardSeenMs - ms);
      commands.push({ command, startMs: round(startMs), ms: round(ms) });
    },
    read(nowMs) {
      const totalMs = nowMs - cardSeenMs;
      const cardMs = commands.reduce((sum, { ms }) => sum + ms, 0);
      return {
        totalMs: round(totalMs),
        cardMs: round(cardMs),
        ownMs: round(totalMs - cardMs),
        commands: [...commands],
      };
    },
  };
};

/** A command's name for people: "READ RECORD 1 of SFI 2". */
export const commandName = (command: Uint8Array): string => {
  const [, ins = 0, p1 = 0, p2 = 0] = command;
  switch (ins) {
    case 0xa4:
      return command.length > 9 && command[5] === 0x32 ? 'SELECT PPSE' : 'SELECT (AID)';
    case 0xb2:
      return `READ RECORD ${p1} of SFI ${p2 >> 3}`;
    default:
      return NAMES.get(ins) ?? `INS ${tagText(ins)}`;
  }
};

// Instruction bytes of EMV Book 3 §6.5 and of the contactless kernels.
const NAMES = new Map([
  [0xa8, 'GET PROCESSING OPTIONS'],
  [0xae, 'GENERATE AC'],
  [0xca, 'GET DATA'],
  [0x82, 'EXTERNAL AUTHENTICATE'],
  [0xea, 'EXCHANGE RELAY RESISTANCE DATA'],
]);

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

// table: the sessions of another kernel that come to something else with ours, and why.
import type { SessionOutcome } from './recorded-sessions.ts';

export interface Difference {
  /** Why ours is right: what C-8 1.2 says, or which fault of the recorded kernel it is. */
  readonly why: string;
  /** What ours comes to where that differs; undefined: the element is not there. */
  readonly ours?: Readonly<Partial<Record<keyof SessionOutcome, string | undefined>>>;
  /** How many commands ours sends; as many as the recorded one if absent. */
  readonly commands?: number;
  /** Bytes of commands that differ: index, offset, ours. */
  readonly altered?: readonly (readonly [command: number, offset: number, byte: number])[];
}

const CARD_SILENT_AT_RECORD = '9F8204060100000000219F821C01809F821B01009F810C020000';

export const DIFFERENT: Readonly<Record<string, Difference>> = {
  'rrp-zero-estimate': {
    why: 'It divides by an estimate of zero and throws; the book exempts zero. Ours goes on to READ RECORD, which is not recorded: "rrp-zero-estimate--patched" is the whole.',
    commands: 3,
    ours: {
      parameters: '4010F0F050F00D00',
      discretionary: CARD_SILENT_AT_RECORD,
      uird2: '21020000000000000000000000',
    },
  },
  'rsa-configured': {
    why: 'It knows no RSA certificates: a terminal data error. Ours names both suites in the Kernel Qualifier and sends GPO, which is not recorded.',
    commands: 1,
    ours: {
      parameters: '7010F0F010F00D00',
      discretionary: '9F8204060100000000FF9F821C01809F821B01009F810C020000',
    },
  },
  'duplicate-pan': {
    why: 'It parses all records at the end, as the book allows; ours each as it is read, and stops at the second.',
    commands: 3,
  },
  'write-data-mac-wrong': {
    why: 'It writes on after a wrong MAC; by the book the first failure ends the writing.',
    commands: 7,
  },
  'afl-out-of-order': {
    why: 'It decrypts by record number, not as read. Ours goes on to GENERATE AC, which is not recorded: "afl-out-of-order--patched" is the whole.',
    commands: 6,
    ours: {
      parameters: '4010F0F050F00D00',
      discretionary: CARD_SILENT_AT_RECORD,
      uird1: undefined,
      uird2: '21020000000000000000000000',
    },
  },
  'trmd-byte1-overwrite': {
    why: 'It overwrites all of 9F1D byte 1; the book replaces four bits and leaves bit 8, configured here. The recorded MAC covers its byte, not ours.',
    altered: [[5, 34, 0x8c]],
    ours: {
      parameters: '40F0F0F090F00D00',
      discretionary: '9F82040600130000001C9F821C01809F821B01009F810C020000',
      uird1: '1C000000130000000000000000',
      record: undefined,
    },
  },
};

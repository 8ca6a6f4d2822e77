import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { promptHidden } from './prompt-hidden.ts';

/** How a command learns who gives it, and their PIN: never as an argument, which others can see. */
export interface SignInOptions {
  /** `--by`: the name of who gives the command. */
  readonly by?: string;
  /** `--pin-stdin`: PINs are lines of standard input. */
  readonly pinStdin?: boolean;
  /** `--pin-file`: PINs are lines of this file, which nobody else can read. */
  readonly pinFile?: string;
}

export interface SignInProblem {
  readonly problem: string;
}

/** Where a command has its PINs from, one after the other. */
export interface Pins {
  /** The PIN of who gives the command; with `--by` missing, a problem. */
  signIn(): Promise<{ readonly name: string; readonly pin: string } | SignInProblem>;
  /** A PIN that somebody gets; a person at a keyboard types it twice. */
  newPin(name: string): Promise<string | SignInProblem>;
}

export const isSignInProblem = (value: unknown): value is SignInProblem =>
  typeof value === 'object' && value !== null && 'problem' in value;

/**
 * PINs in the order in which they are asked for: of lines, the first is that of who gives the
 * command and the second the new one. Without options they are asked for at the keyboard, unseen.
 */
export const pinsFrom = (options: SignInOptions): Pins => {
  const next = options.pinStdin || options.pinFile !== undefined ? lines(options) : undefined;
  const ask = next ?? promptHidden;
  return {
    signIn: async () => {
      const { by: name = '' } = options;
      if (name.trim() === '') return { problem: 'who are you? Say it with --by NAME' };
      const pin = await ask(`PIN of ${oneLine(name)}: `);
      return isSignInProblem(pin) ? pin : { name, pin };
    },
    newPin: async (name) => {
      const pin = await ask(`New PIN of ${oneLine(name)}: `);
      if (next !== undefined || isSignInProblem(pin)) return pin;
      const again = await ask('The same again: ');
      if (isSignInProblem(again) || again === pin) return again;
      return { problem: 'the two PINs are not the same: nothing was changed' };
    },
  };
};

/** Who gives a command, for one that needs no other PIN. */
export const readSignIn = (options: SignInOptions) => pinsFrom(options).signIn();

type Ask = (prompt: string) => Promise<string | SignInProblem>;

const lines = ({ pinStdin, pinFile }: SignInOptions): Ask => {
  const where = pinFile ?? 'standard input';
  let rest: string[] | SignInProblem | undefined;
  return async () => {
    if (pinStdin && pinFile !== undefined) {
      return { problem: 'PINs come from --pin-stdin or from --pin-file, not from both' };
    }
    rest ??= linesOf(pinFile);
    if (isSignInProblem(rest)) return rest;
    const pin = rest.shift()?.trim();
    return pin ? pin : { problem: `a PIN is missing: ${where} has too few lines` };
  };
};

const linesOf = (path: string | undefined): string[] | SignInProblem => {
  const where = path ?? 'standard input';
  try {
    const file = path === undefined ? 0 : openSync(path, 'r');
    try {
      const { mode } = fstatSync(file);
      const plain = (mode & FILE_TYPE) === REGULAR;
      if (path !== undefined && plain && (mode & OTHERS) !== 0) {
        return { problem: `${path} holds PINs, and others may read it: chmod 600 ${path}` };
      }
      const text = readSome(file);
      if (text === undefined) return { problem: `${where} is too long to be a few PINs` };
      return text.split('\n');
    } finally {
      if (path !== undefined) closeSync(file);
    }
  } catch (error) {
    return { problem: `${where} can't be read: ${(error as Error).message}` };
  }
};

const readSome = (file: number): string | undefined => {
  const bytes = Buffer.alloc(LONGEST);
  let length = 0;
  while (length < LONGEST) {
    const count = readSync(file, bytes, length, LONGEST - length, null);
    if (count === 0) return bytes.toString('utf8', 0, length);
    length += count;
  }
  return undefined;
};

const LONGEST = 4096;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const OTHERS = 0o077;

const oneLine = (name: string): string => name.replace(/\p{Cc}+/gu, ' ').slice(0, 100);

/** What a command ends with; scripts rely on it. */
export const exit = {
  approved: 0,
  ok: 0,
  declined: 1,
  cancelledOrTimedOut: 2,
  error: 3,
  /** A terminal that ends to be started again, by another release or this one. */
  startAgain: 4,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** Says on standard error what is wrong. */
export const fail = (message: string): ExitCode => {
  process.stderr.write(`countertap: ${message}\n`);
  return exit.error;
};

/** The same; whoever asked for JSON gets an object on standard output, too. */
export const failAs = (json: boolean | undefined, reason: string): ExitCode => {
  if (json === true) say(JSON.stringify({ status: 'error', reason }));
  return fail(reason);
};

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** One line of the control socket: a JSON object. */
export type ControlLine = Readonly<Record<string, unknown>>;

/**
 * Answers one request. Progress and result go through `reply`, any number of lines; the exchange
 * ends when the promise resolves. `signal` is aborted when the caller hangs up.
 */
export type ControlHandler = (
  request: ControlLine,
  reply: (line: ControlLine) => void,
  signal: AbortSignal,
) => Promise<void>;

import { concat } from '#bytes/bytes.ts';
import { isLabError, type LabError, labError } from './lab-error.ts';

/** Longest line that is read, in bytes; a transaction's longest needs a few thousand. */
export const LONGEST_LINE = 1_000_000;

/** Cuts a stream of bytes into lines of text. */
export interface LineReader {
  /** The lines that end in this piece; what is too long or no UTF-8 comes as an error. */
  push(piece: Uint8Array): readonly (string | LabError)[];
  /** What stood behind the last line's end, once the stream has ended. */
  rest(): string | LabError | undefined;
}

export const lineReader = (): LineReader => {
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array): void => {
    length += part.length;
    // Of a line that is too long nothing is kept but that it is.
    if (length > LONGEST_LINE) parts = [];
    else parts.push(part);
  };
  const take = (): string | LabError => {
    const line = length > LONGEST_LINE ? TOO_LONG : decode(concat(...parts));
    parts = [];
    length = 0;
    return line;
  };
  return {
    push(piece) {
      const lines: (string | LabError)[] = [];
      let from = 0;
      for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
        add(piece.subarray(from, end));
        lines.push(take());
        from = end + 1;
      }
      if (from < piece.length) add(piece.slice(from));
      return lines;
    },
    rest: () => (length === 0 ? undefined : take()),
  };
};

const NEWLINE = 0x0a;
const TOO_LONG = labError('malformed', `the line is longer than ${LONGEST_LINE} bytes`);

const decode = (bytes: Uint8Array): string | LabError => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return labError('malformed', 'the line is not UTF-8');
  }
};

/** A line's JSON object, with what means "none" left out; an error for everything else. */
export const readObject = (line: string | LabError): JsonObject | LabError => {
  if (isLabError(line)) return line;
  try {
    const json: unknown = JSON.parse(line);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      return labError('malformed', 'the line is not a JSON object');
    }
    const { error, ...others } = json as Readonly<Record<string, unknown>>;
    return { error: error !== undefined && error !== null, value: withoutNone(others) };
  } catch {
    // Also of lists within lists, deeper than anybody can follow.
    return labError('malformed', 'the line is not JSON');
  }
};

/** What a line said. */
export interface JsonObject {
  /** The lab reports an error. */
  readonly error: boolean;
  readonly value: Readonly<Record<string, unknown>>;
}

// An absent key, null and "none" mean the same.
const withoutNone = (object: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null && value !== undefined && value !== 'none')
      .map(([key, value]) => [key, cleaned(value)]),
  );

const cleaned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(cleaned);
  return typeof value === 'object' && value !== null ? withoutNone(value) : value;
};

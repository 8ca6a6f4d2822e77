import type { ControlLine } from '#ports/control.ts';

/** Longest line either side accepts, in characters. */
export const LONGEST_LINE = 65_536;

/** Joins chunks of a stream into lines. Returns what is wrong when a line is too long. */
export const lineSplitter = (onLine: (line: string) => void) => {
  let rest = '';
  return (chunk: string): 'too long' | undefined => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.length > LONGEST_LINE) return 'too long';
      if (line.trim() !== '') onLine(line);
    }
    return rest.length > LONGEST_LINE ? 'too long' : undefined;
  };
};

/** A line's JSON object; undefined when it is none. */
export const parseLine = (line: string): ControlLine | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as ControlLine) : undefined;
  } catch {
    return undefined;
  }
};

import type { ControlLine } from '#ports/control.ts';

/**
 * A register grows for years, and a line of the control socket has its limit: an answer that is too
 * long for one goes in parts, as lines of progress.
 * @returns the last line
 */
export const inParts = (answer: ControlLine, reply: (line: ControlLine) => void): ControlLine => {
  const text = JSON.stringify(answer);
  if (text.length <= LONGEST_PART) return answer;
  let parts = 0;
  for (let at = 0; at < text.length; at += LONGEST_PART) {
    reply({ event: 'part', text: text.slice(at, at + LONGEST_PART) });
    parts++;
  }
  return { parts };
};

/** The answer as it was before it went in parts; undefined where some are missing. */
export const joined = (
  last: ControlLine,
  progress: readonly ControlLine[],
): ControlLine | undefined => {
  if (!('parts' in last)) return last;
  const texts = progress.map(({ text }) => text).filter((text) => typeof text === 'string');
  if (texts.length !== last['parts']) return undefined;
  return JSON.parse(texts.join('')) as ControlLine;
};

// Quotation marks double on the way.
const LONGEST_PART = 30_000;

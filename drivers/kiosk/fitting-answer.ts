import type { Asked, DisplayAnswer, Signature } from '#ports/shopper-question.ts';

/** A pen at 100 points a second writes for 20 seconds; the page thins out what is longer. */
export const MOST_POINTS = 2000;

/** Coordinates are whole numbers up to this: nexo writes them with four hexadecimal digits. */
export const FARTHEST = 0xfffe;

/**
 * The answer if it is one to what is asked, else undefined. Built anew of what was looked at, so
 * that nothing else passes. Digits come in ASCII with "." before the decimals, and are counted
 * without it; letters are counted as Unicode code points.
 */
export function fittingAnswer(ask: Asked, posted: unknown): DisplayAnswer | undefined {
  const answer: Record<string, unknown> = Object(posted);
  if (answer['kind'] === 'cancelled') return { kind: 'cancelled' };
  if (answer['kind'] !== ask.kind) return undefined;
  switch (ask.kind) {
    case 'confirmation': {
      const { confirmed } = answer;
      return typeof confirmed === 'boolean' ? { kind: 'confirmation', confirmed } : undefined;
    }
    case 'digits':
    case 'text': {
      const { typed } = answer;
      if (typeof typed !== 'string' || !isTyped(ask, typed)) return undefined;
      return { kind: ask.kind, typed };
    }
    case 'menu': {
      const chosen = chosenOf(ask, answer['chosen']);
      return chosen && { kind: 'menu', chosen };
    }
    case 'signature': {
      const signature = signatureIn(answer['signature']);
      return signature && { kind: 'signature', signature };
    }
  }
}

/** Whether what is typed so far is an answer already. */
export function isTyped(ask: Extract<Asked, { kind: 'digits' | 'text' }>, typed: string): boolean {
  const { minLength, maxLength } = ask;
  const length = [...(ask.kind === 'digits' ? typed.replace('.', '') : typed)].length;
  if (length < minLength || length > maxLength) return false;
  if (ask.kind === 'text') return typed.isWellFormed() && !/\p{Cc}/u.test(typed);
  const [whole = '', decimals] = typed.split('.');
  if (!/^(\d+(\.\d+)?)?$/.test(typed)) return false;
  return decimals === undefined || (whole !== '' && decimals.length <= ask.decimals);
}

function chosenOf(
  { entries, several }: Extract<Asked, { kind: 'menu' }>,
  posted: unknown,
): readonly number[] | undefined {
  if (!Array.isArray(posted) || posted.length > entries.length) return undefined;
  const chosen = posted.filter((one) => isWithin(one, entries.length - 1));
  if (chosen.length !== posted.length || new Set(chosen).size !== chosen.length) return undefined;
  if (!several && chosen.length !== 1) return undefined;
  return chosen.sort((a, b) => a - b);
}

function signatureIn(posted: unknown): Signature | undefined {
  const { width, height, strokes }: Record<string, unknown> = Object(posted);
  if (!isWithin(width, FARTHEST) || !isWithin(height, FARTHEST)) return undefined;
  if (!Array.isArray(strokes) || strokes.length === 0) return undefined;
  const kept: [number, number][][] = [];
  let points = 0;
  for (const stroke of strokes) {
    if (!Array.isArray(stroke) || stroke.length === 0) return undefined;
    points += stroke.length;
    if (points > MOST_POINTS) return undefined;
    const own: [number, number][] = [];
    for (const point of stroke) {
      if (!Array.isArray(point) || point.length !== 2) return undefined;
      const [x, y]: unknown[] = point;
      if (!isWithin(x, width) || !isWithin(y, height)) return undefined;
      own.push([x, y]);
    }
    kept.push(own);
  }
  return { width, height, strokes: kept };
}

const isWithin = (value: unknown, most: number): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;

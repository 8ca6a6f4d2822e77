import { fieldOf } from './secured.ts';

/** What was drawn, in points of the field that it was drawn into, from its upper left corner. */
export interface TillSignature {
  readonly width: number;
  readonly height: number;
  /** From touching the field to leaving it; a point alone is a dot. */
  readonly strokes: readonly (readonly (readonly [x: number, y: number])[])[];
}

/**
 * Reads nexo's CapturedSignature, as JSON: hexadecimal, FFFF twice where the pen is lifted.
 * Undefined when it is none.
 */
export const signatureIn = (text: string | undefined): TillSignature | undefined => {
  const json = parsed(text);
  const area = pointOf(fieldOf(json, 'AreaSize'));
  const points = fieldOf(json, 'SignaturePoint');
  if (area === undefined || !Array.isArray(points)) return undefined;
  const strokes: (readonly [number, number])[][] = [];
  let stroke: (readonly [number, number])[] = [];
  for (const one of [...points, LIFTED]) {
    const point = pointOf(one);
    if (point === undefined) return undefined;
    const [x, y] = point;
    if (x !== UP || y !== UP) stroke.push(point);
    else if (stroke.length > 0) {
      strokes.push(stroke);
      stroke = [];
    }
  }
  return { width: area[0], height: area[1], strokes };
};

const UP = 0xffff;
const LIFTED = { X: 'FFFF', Y: 'FFFF' } as const;

const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

const pointOf = (value: unknown): readonly [number, number] | undefined => {
  const [x, y] = ['X', 'Y'].map((name) => String(fieldOf(value, name)));
  if (!HEX.test(x ?? '') || !HEX.test(y ?? '')) return undefined;
  return [Number.parseInt(x ?? '', 16), Number.parseInt(y ?? '', 16)];
};

const HEX = /^[0-9A-F]{1,4}$/i;

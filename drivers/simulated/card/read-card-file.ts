import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  type CardFile,
  type CardFileProblem,
  CardFileSchema,
  isCardFileProblem,
  KeyFileSchema,
  type KeyMaterial,
} from './card-file.ts';

/**
 * Reads FOLDER/NAME/card.json and checks its form; what the values mean is `personalise`'s. A file
 * that is `like` another card holds what is different about it.
 */
export const readCardFile = (folder: string, name: string): CardFile | CardFileProblem => {
  if (!NAME.test(name)) {
    return { problem: `${name}: a card's name has small letters, digits and hyphens` };
  }
  const file = join(folder, name, 'card.json');
  const content = filledIn(folder, file);
  return isCardFileProblem(content) ? content : checked(CardFileSchema, file, content);
};

/** Keys and certificates of a card's applications, in their order; none for a card without. */
export const readKeyFile = (
  folder: string,
  name: string,
  card: CardFile,
): readonly (KeyMaterial | null)[] | CardFileProblem => {
  const wanted = card.applications.map(({ authentication }) => authentication !== undefined);
  if (!wanted.includes(true)) return wanted.map(() => null);
  const file = join(folder, name, 'keys.json');
  const content = parsed(file);
  if (isCardFileProblem(content)) return content;
  const keys = checked(KeyFileSchema, file, content);
  if (isCardFileProblem(keys)) return keys;
  if (wanted.every((want, index) => want === (keys.applications[index] != null))) {
    return keys.applications;
  }
  const remedy = 'scripts/personalise-cards.ts makes it';
  return { problem: `${file}: applications: expected keys for those of the card; ${remedy}` };
};

const NAME = /^[a-z0-9-]+$/;

const parsed = (file: string): unknown | CardFileProblem => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return { problem: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
};

const filledIn = (folder: string, file: string): unknown | CardFileProblem => {
  const content = parsed(file);
  if (isCardFileProblem(content) || !isObject(content) || !('like' in content)) return content;
  const { like, ...changes } = content;
  if (typeof like !== 'string' || !NAME.test(like)) {
    return { problem: `${file}: like: expected the name of another card` };
  }
  const other = parsed(join(folder, like, 'card.json'));
  if (isCardFileProblem(other)) return other;
  if (isObject(other) && 'like' in other) {
    return { problem: `${file}: like: expected a card that is not itself like another` };
  }
  return merged(other, changes);
};

// Objects are merged, applications one by one; all else is replaced, and null takes away.
const merged = (base: unknown, changes: unknown, isList = false): unknown => {
  if (isList && Array.isArray(base) && Array.isArray(changes)) {
    const length = Math.max(base.length, changes.length);
    return Array.from({ length }, (_, i) =>
      changes[i] === undefined ? base[i] : merged(base[i], changes[i]),
    );
  }
  if (!isObject(base) || !isObject(changes)) return changes;
  const result: Record<string, unknown> = { ...base };
  for (const [key, change] of Object.entries(changes)) {
    if (change === null) delete result[key];
    else result[key] = merged(base[key], change, key === 'applications');
  }
  return result;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const checked = <Schema extends v.GenericSchema>(
  schema: Schema,
  file: string,
  content: unknown,
): v.InferOutput<Schema> | CardFileProblem => {
  const result = v.safeParse(schema, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  return { problem: `${file}: ${v.getDotPath(issue) ?? 'the whole file'}: ${issue.message}` };
};

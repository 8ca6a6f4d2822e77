import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';

/** Where a value stands: names from the outside in, elements of lists as "[0]". */
export type Path = readonly string[];

/**
 * What a value of a message may be. A rule works both ways: `read` takes what a till sends for what
 * it means, `check` holds what we send to the published schema by the letter.
 */
export interface Rule<T> {
  /** What it is, in words that complete "expected …". */
  readonly says: string;
  readonly read: (value: unknown, path: Path) => T | Malformed;
  /** Undefined, or why this may not be sent. */
  readonly check: (value: unknown, path: Path) => Malformed | undefined;
}

export interface Optional<T> {
  readonly optional: Rule<T>;
}

export const optional = <T>(rule: Rule<T>): Optional<T> => ({ optional: rule });

export type Fields = Readonly<Record<string, Rule<unknown> | Optional<unknown>>>;

/** What a rule's values are in TypeScript. */
export type ValueOf<R> = R extends Rule<infer T> ? T : never;

export type StructureOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Rule<unknown> ? K : never]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends Rule<unknown> ? never : K]?:
    | (F[K] extends Optional<infer T> ? T : never)
    | undefined;
};

/** A rule about several fields: the one that is at fault and what is wrong with it. */
export type Condition = (
  value: Readonly<Record<string, unknown>>,
) => readonly [field: string, problem: string] | undefined;

/** A data structure, with its fields. */
export interface Structure<T> extends Rule<T> {
  readonly fields: Fields;
}

export interface List<T> extends Rule<readonly T[]> {
  readonly of: Rule<T>;
}

/** Stands for a field that has to be there and isn't. */
export const MISSING = 'Missing';

/**
 * A data structure with these fields. Read: what it doesn't have is left out, and an optional field
 * that is null or empty is as if it weren't there.
 */
export const structure = <F extends Fields>(
  fields: F,
  condition: Condition = () => undefined,
): Structure<StructureOf<F>> => ({
  says: 'an object',
  fields,
  read: (value, path) => {
    if (!isObject(value)) return malformed(path, 0, 'expected an object');
    const found = readFields(fields, value, path);
    if (isMalformed(found)) return found;
    return conditionFault(condition, found, path) ?? (found as StructureOf<F>);
  },
  check: (value, path) => {
    if (!isObject(value)) return malformed(path, 0, 'expected an object');
    return checkFields(fields, value, path) ?? conditionFault(condition, value, path);
  },
});

/** A list. Read: a value that stands alone is a list of one. */
export const list = <T>(rule: Rule<T>): List<T> => ({
  says: `a list, each ${rule.says}`,
  of: rule,
  read: (value, path) => {
    const found: T[] = [];
    for (const [index, one] of (Array.isArray(value) ? value : [value]).entries()) {
      const element = rule.read(one, [...path, `[${index}]`]);
      if (isMalformed(element)) return element;
      found.push(element);
    }
    return found;
  },
  check: (value, path) => {
    if (!Array.isArray(value)) return malformed(path, 0, 'expected a list');
    for (const [index, one] of value.entries()) {
      const fault = rule.check(one, [...path, `[${index}]`]);
      if (fault) return fault;
    }
    return undefined;
  },
});

/**
 * A value without parts.
 * @param meant what a till means by it, undefined for what can't mean anything
 */
export const scalar = <T>(
  says: string,
  meant: (value: unknown) => T | undefined,
  fits: (value: unknown) => boolean,
): Rule<T> => ({
  says,
  read: (value, path) => {
    const found = meant(value);
    return found !== undefined && fits(found) ? found : malformed(path, 0, `expected ${says}`);
  },
  check: (value, path) => (fits(value) ? undefined : malformed(path, 0, `expected ${says}`)),
});

/** Whether every field may be left out, so that the structure itself may. */
export const mayBeEmpty = ({ fields }: Structure<unknown>): boolean =>
  Object.values(fields).every((field) => 'optional' in field);

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of the object itself, and nothing that it inherits. */
export const ownField = (value: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined;

const readFields = (
  fields: Fields,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Readonly<Record<string, unknown>> | Malformed => {
  const found: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const raw = ownField(value, name);
    const required = !('optional' in field);
    if (raw === undefined || raw === null) {
      if (required) return malformed([...path, name], 0, MISSING);
      continue;
    }
    const read = (required ? field : field.optional).read(raw, [...path, name]);
    if (!isMalformed(read)) found[name] = read;
    else if (required || raw !== '') return read;
  }
  return found;
};

const checkFields = (
  fields: Fields,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Malformed | undefined => {
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) return malformed([...path, name], 0, 'no such field');
  }
  for (const [name, field] of Object.entries(fields)) {
    const here = value[name];
    const required = !('optional' in field);
    if (here === undefined) {
      if (required) return malformed([...path, name], 0, MISSING);
      continue;
    }
    const fault = (required ? field : field.optional).check(here, [...path, name]);
    if (fault) return fault;
  }
  return undefined;
};

const conditionFault = (
  condition: Condition,
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Malformed | undefined => {
  const fault = condition(value);
  return fault && malformed([...path, fault[0]], 0, fault[1]);
};

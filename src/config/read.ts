import * as v from 'valibot';
import { type ConfigProblem, configProblem, isConfigProblem } from './problem.ts';

/** A configuration file as it was read: its name for messages, its text. */
export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

/** Parses one JSON file by a schema into a frozen value, or says what is wrong where. */
export const readConfig = <Schema extends v.GenericSchema>(
  file: ConfigFile,
  schema: Schema,
): v.InferOutput<Schema> | ConfigProblem => {
  const json = jsonOf(file);
  return isConfigProblem(json) ? json : checkConfig(file.name, json, schema);
};

/** What a file holds, unchecked. */
export const jsonOf = ({ name, text }: ConfigFile): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return configProblem(name, '', 'JSON', messageOf(error));
  }
};

/** The second half of `readConfig`, for what was changed since it was read. */
export const checkConfig = <Schema extends v.GenericSchema>(
  name: string,
  json: unknown,
  schema: Schema,
): v.InferOutput<Schema> | ConfigProblem => {
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (parsed.success) return deepFreeze(parsed.output);
  const [issue] = parsed.issues;
  return configProblem(name, keyOf(issue), expectedOf(issue), foundIn(json, issue));
};

const keyOf = (issue: v.BaseIssue<unknown>): string =>
  (issue.path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const expectedOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'no such key';
  // Our own schemas say in words what they want; the library's own messages begin with "Invalid".
  return issue.message.startsWith('Invalid') ? (issue.expected ?? 'something else') : issue.message;
};

// As the file has it: what a check was given may be transformed already, hexadecimal into bytes.
const foundIn = (json: unknown, issue: v.BaseIssue<unknown>): string => {
  const value = (issue.path ?? []).reduce<unknown>((outer, { key }) => inside(outer, key), json);
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const inside = (outer: unknown, key: unknown): unknown =>
  typeof outer === 'object' && outer !== null && Object.hasOwn(outer, String(key))
    ? Reflect.get(outer, String(key))
    : undefined;

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);

const deepFreeze = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
};

import * as v from 'valibot';
import { minorUnits, text } from '#config/pieces.ts';
import { screenLines } from '#config/texts-config.ts';
import { LIMIT_NAMES } from './limits.ts';
import { type SettingsProblem, settingsProblem } from './types.ts';

// What a person reads when it isn't so: each message says what would be right.

// Control characters break lines in a log; direction overrides make a text read as another.
const UNFIT = /[\p{Cc}\u202a-\u202e]/u;

// As the texts that come with us: no blanks around, one spelling for each letter.
const line = (what: string) =>
  v.pipe(
    v.string(what),
    v.transform((words) => words.trim().normalize('NFC')),
    v.check((words) => !UNFIT.test(words), `${what} without control characters`),
  );

const words = v.strictObject(
  {
    headline: v.pipe(line('a short line'), screenLines.headline),
    detail: v.pipe(line('a line'), screenLines.detail),
  },
  'a headline and a detail, or null for what the configuration says',
);

const position = v.pipe(v.number('a number'), v.integer('a whole number'), v.minValue(0, 'from 0'));
const name = text(60, 'a name');

/** More than there are screens and languages: a list without an end isn't read. */
const MOST = 2000;

const listOf = <Item extends v.GenericSchema>(item: Item) =>
  v.exactOptional(v.pipe(v.array(item, 'a list'), v.maxLength(MOST, `at most ${MOST}`)));

/** What a person asks for. */
export const changeRequest = v.strictObject(
  {
    limits: listOf(
      v.strictObject(
        {
          set: position,
          name: v.picklist(LIMIT_NAMES, `one of ${LIMIT_NAMES.join(', ')}`),
          minor: v.nullable(minorUnits),
        },
        'a limit: set, name and minor',
      ),
    ),
    texts: listOf(
      v.strictObject(
        { language: name, screen: name, words: v.nullable(words) },
        'a text: language, screen and words',
      ),
    ),
  },
  'a change: limits, texts, or both',
);

/**
 * What the journal holds. It may be older than the configuration: whether set, limit, language,
 * screen and words still are what they were is asked when it is laid over the configuration.
 */
export const storedOverlay = v.strictObject({
  version: v.literal(1),
  by: v.strictObject({ person: v.string(), role: v.string() }),
  currency: v.string(),
  limits: v.array(
    v.strictObject({
      /** The set by what is in it: its place in the file may have changed. */
      transactionTypes: v.array(v.string()),
      combinations: v.array(v.strictObject({ aid: v.string(), kernelId: v.string() })),
      name: v.string(),
      minor: minorUnits,
    }),
  ),
  texts: v.array(
    v.strictObject({
      language: v.string(),
      screen: v.string(),
      headline: v.string(),
      detail: v.string(),
    }),
  ),
});

export type StoredOverlay = v.InferOutput<typeof storedOverlay>;

/** Words that were taken before, by the rules of today. */
export const parseWords = (stored: { readonly headline: string; readonly detail: string }) => {
  const parsed = v.safeParse(words, stored, { abortEarly: true });
  return parsed.success ? parsed.output : problemIn(parsed.issues[0]);
};

/** The first thing that is wrong, with its field's name. */
export const problemIn = (issue: v.BaseIssue<unknown>): SettingsProblem => {
  const field = (issue.path ?? []).map(({ key }) => String(key)).join('.');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return settingsProblem(field, 'nothing of this name can be changed');
  }
  // The library's own messages begin with "Invalid".
  const wanted = issue.message.startsWith('Invalid') ? issue.expected : issue.message;
  const found = issue.input === undefined ? 'missing: ' : '';
  return settingsProblem(field, `${found}expected ${wanted ?? 'something else'}`);
};

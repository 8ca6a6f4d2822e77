import * as v from 'valibot';
import { LARGEST_AMOUNT } from '#data/amount.ts';
import { DAYS, REASON_CATEGORIES, type ReasonCategory } from './decision.ts';
import { LONGEST_RANGE } from './facts.ts';
import { type DecisionProblem, decisionProblem } from './problem.ts';

// What a person reads when it isn't so: each message says what would be right.

const LATEST_MS = Date.UTC(9999, 0, 1);
const CATEGORIES = Object.keys(REASON_CATEGORIES) as ReasonCategory[];

// Control characters break lines in a log; direction overrides make a text read as another.
const UNFIT = /[\p{Cc}\u202a-\u202e]/u;

const text = (longest: number, what: string) =>
  v.pipe(
    v.string(what),
    v.trim(),
    v.minLength(1, what),
    v.maxLength(longest, `${what} of up to ${longest} characters`),
    v.check((value) => !UNFIT.test(value), `${what} without control characters`),
  );

const matching = (pattern: RegExp, what: string) => v.pipe(v.string(what), v.regex(pattern, what));

const instant = v.pipe(
  v.number('an instant in milliseconds since 1970 UTC'),
  v.integer('an instant in whole milliseconds since 1970 UTC'),
  v.minValue(0, 'an instant after 1970'),
  v.maxValue(LATEST_MS, 'an instant before the year 9999'),
);

const position = v.pipe(v.number('a number'), v.integer('a whole number'), v.minValue(1, 'from 1'));

const day = v.picklist(DAYS, `days out of ${DAYS.join(', ')}`);
const CLOCK = 'a time such as "09:30"';

const hours = v.strictObject({
  days: v.pipe(v.array(day, 'a list of days'), v.minLength(1, 'at least one day')),
  from: matching(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, CLOCK),
  to: matching(/^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, `${CLOCK}, or "24:00"`),
});

const hexOf = (least: number, most: number, what: string) =>
  v.pipe(
    v.string(what),
    v.toUpperCase(),
    v.regex(/^(?:[0-9A-F]{2})+$/, what),
    v.minLength(2 * least, what),
    v.maxLength(2 * most, what),
  );

const digits = matching(
  new RegExp(`^[0-9]{1,${LONGEST_RANGE}}$`),
  `1 to ${LONGEST_RANGE} leading digits of an account number`,
);

const amountMinor = v.pipe(
  v.number('minor units of the currency'),
  v.integer('whole minor units'),
  v.minValue(0, 'no negative amount'),
  v.maxValue(LARGEST_AMOUNT, `at most ${LARGEST_AMOUNT}`),
);

const METHOD = '"contactless", "qr", or "qr:" and a wallet';

const scope = v.strictObject({
  method: v.exactOptional(matching(/^(?:contactless|qr|qr:[a-z0-9-]{1,30})$/, METHOD)),
  devices: v.exactOptional(v.literal('phones', '"phones"')),
  scheme: v.exactOptional(text(40, "a scheme's name")),
  aid: v.exactOptional(hexOf(5, 16, 'the first 5 to 16 bytes of an AID in hexadecimal')),
  kernel: v.exactOptional(hexOf(1, 8, 'a kernel such as "03"')),
  range: v.exactOptional(v.strictObject({ from: digits, to: digits })),
  above: v.exactOptional(
    v.strictObject({ minor: amountMinor, currency: matching(/^[A-Z]{3}$/, 'such as "EUR"') }),
  ),
  lanes: v.exactOptional(
    v.pipe(
      v.array(text(20, "a lane's name"), 'a list of lanes'),
      v.minLength(1, 'at least one lane'),
      v.transform((lanes) => [...new Set(lanes)].sort()),
    ),
  ),
});

const words = v.strictObject({
  shopper: v.exactOptional(text(160, 'a text for shoppers')),
  cashier: v.exactOptional(text(400, 'a text for cashiers')),
});

const language = matching(/^[a-z]{2}$/, 'two letters such as "en"');
const NAME = 'a name';

const asked = {
  action: v.picklist(['off', 'on'], '"off" or "on"'),
  scope: v.optional(scope, {}),
  fromMs: v.exactOptional(instant),
  untilMs: v.exactOptional(instant),
  hours: v.exactOptional(v.pipe(v.array(hours, 'a list'), v.minLength(1, 'at least one entry'))),
  reason: v.strictObject(
    {
      category: v.picklist(CATEGORIES, `one of ${CATEGORIES.join(', ')}`),
      text: text(500, 'why, in words'),
    },
    'why: a category and a text',
  ),
  texts: v.optional(v.record(language, words, 'texts by language'), {}),
  alternatives: v.optional(v.array(text(40, NAME), 'a list of names'), []),
  supersedes: v.optional(v.array(text(40, NAME), 'a list of ids'), []),
};

/** What a person asks for. */
export const decisionRequest = v.strictObject(asked, 'a decision');

const person = v.strictObject({ person: text(80, NAME), role: text(40, 'a role') });
const identity = text(40, 'an id');

/** What the register holds. */
export const decisionEntry = v.strictObject({
  kind: v.literal('decision'),
  id: identity,
  number: position,
  by: person,
  madeMs: instant,
  approval: v.picklist(['notNeeded', 'needed']),
  ...asked,
});

export const approvalEntry = v.strictObject({
  kind: v.literal('approval'),
  decision: identity,
  number: position,
  by: person,
  atMs: instant,
});

export const beginEntry = v.strictObject({
  kind: v.literal('begin'),
  number: position,
  by: person,
  atMs: instant,
  reason: text(500, 'why, in words'),
  unreadable: text(1000, 'what could not be read'),
});

/** The first thing that is wrong, with its field's name. */
export const problemIn = (issue: v.BaseIssue<unknown>): DecisionProblem => {
  const keys = (issue.path ?? []).map(({ key }) => String(key));
  const field = keys.join('.').replace(/(?<=^from|^until)Ms$/, '');
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return decisionProblem(field, `nothing of this name can be said${inside(keys)}`);
  }
  if (issue.type === 'strict_object' && keys.length > 0 && issue.input === undefined) {
    const wanted = REQUIRED[keys.at(-1) ?? ''];
    return decisionProblem(field, wanted === undefined ? 'missing' : `missing: expected ${wanted}`);
  }
  // Our own schemas say in words what they want; the library's own messages begin with "Invalid".
  const own = issue.message.startsWith('Invalid') ? issue.expected : issue.message;
  return decisionProblem(field, `expected ${own ?? 'something else'}`);
};

const REQUIRED: Readonly<Record<string, string>> = {
  action: '"off" or "on"',
  reason: 'why: a category and a text',
  category: `one of ${CATEGORIES.join(', ')}`,
  text: 'why, in words',
};

const inside = (keys: readonly string[]): string =>
  keys[0] === 'scope' && keys.length === 2
    ? `; a scope has ${Object.keys(scope.entries).join(', ')}`
    : '';

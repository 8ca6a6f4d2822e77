import fc from 'fast-check';
import { type AnsweredCategory, categories } from '#nexo/categories.ts';
import type { MessageCategory } from '#nexo/enumerations.ts';
import type { NexoRequest, NexoResponse } from '#nexo/messages.ts';
import type { Fields, Rule } from '#nexo/rules.ts';
import { messageHeader } from '#nexo/structures.ts';

/** Any value that a rule allows, made of what the rule says of itself. */
export const valuesOf = (rule: Rule<unknown>): fc.Arbitrary<unknown> => {
  if ('fields' in rule) return structures(rule, rule.fields as Fields);
  if ('of' in rule) return fc.array(valuesOf(rule.of as Rule<unknown>), { maxLength: 3 });
  if ('words' in rule) return fc.constantFrom(...(rule.words as readonly string[]));
  const fixed = SCALARS.get(rule.says);
  if (fixed) return fixed;
  const [, least, most] = /(\d+) to (\d+)/.exec(rule.says) ?? [];
  if (rule.says.startsWith('a whole number, ')) {
    const [, from = '', to = ''] = /, (-?\d+) to (\d+)$/.exec(rule.says) ?? [];
    return fc.integer({ min: Number(from), max: Math.min(Number(to), 2 ** 31 - 1) });
  }
  if (most !== undefined) return lines(Number(least), Number(most));
  throw new TypeError(`no values for "${rule.says}"`);
};

export const requests = (): fc.Arbitrary<NexoRequest> =>
  fc.oneof(
    ...keysOf(categories).map((category) =>
      fc
        .record({
          header: headers(category, category === 'Event' ? 'Notification' : 'Request'),
          body: valuesOf(categories[category].request),
        })
        .map((parts) => ({ category, ...parts }) as NexoRequest),
    ),
  );

export const responses = (): fc.Arbitrary<NexoResponse> =>
  fc.oneof(
    ...keysOf(categories).flatMap((category) => {
      const rule = categories[category].response;
      return rule === null
        ? []
        : [
            fc
              .record({ header: headers(category, 'Response'), body: valuesOf(rule) })
              .map(
                (parts) => ({ category: category as AnsweredCategory, ...parts }) as NexoResponse,
              ),
          ];
    }),
  );

function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(record) as K[];
}

function headers(category: MessageCategory, type: string) {
  return valuesOf(messageHeader).map((header) => ({
    ...(header as object),
    ServiceID: '0123456789',
    MessageCategory: category,
    MessageType: type,
  }));
}

function structures(rule: Rule<unknown>, fields: Fields): fc.Arbitrary<unknown> {
  const names = Object.keys(fields);
  const values = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      valuesOf('optional' in field ? field.optional : field),
    ]),
  );
  const requiredKeys = names.filter((name) => !('optional' in (fields[name] ?? {})));
  // What several fields have to be together, the structure itself knows.
  return fc.record(values, { requiredKeys }).filter((value) => rule.check(value, []) === undefined);
}

function lines(least: number, most: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'grapheme', minLength: least, maxLength: Math.min(most, 8) })
    .map((text) => text.replaceAll(/[\n\r\u2028\u2029]/g, ' ').slice(0, most))
    .map((text) => (text === '' ? '-' : text));
}

const hexadecimal = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16).toUpperCase());

const days = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString());

const SCALARS: ReadonlyMap<string, fc.Arbitrary<unknown>> = new Map<string, fc.Arbitrary<unknown>>([
  ['text', lines(1, 20)],
  ['digits', fc.stringMatching(/^[0-9]{1,9}$/)],
  ['a currency of three capital letters', fc.constantFrom('EUR', 'JPY', 'KWD')],
  ['a language of two small letters', fc.constantFrom('en', 'de')],
  ['a whole number', fc.integer()],
  ['an amount such as 10.99', fc.integer({ min: 0, max: 9_999_999 }).map((minor) => minor / 100)],
  ['true or false', fc.boolean()],
  ['Base64', fc.uint8Array({ minLength: 1, maxLength: 9 }).map(toBase64)],
  ['a date and time such as 2026-01-31T12:00:00+00:00', days],
  ['a date such as 2026-01-31', days.map((day) => day.slice(0, 10))],
  ['three digits', fc.stringMatching(/^[0-9]{3}$/)],
  ['three or four characters', fc.stringMatching(/^[0-9]{3,4}$/)],
  ['a coordinate in hexadecimal', hexadecimal],
]);

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

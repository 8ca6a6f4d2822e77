import type { Finding } from '#ports/finding.ts';
import type { CheckName } from './checks.ts';
import { ANY, FINDINGS, type FindingRow } from './findings.ts';

/** The names at the places of a sentence: "SW {sw} in {milliseconds} ms" has two. */
type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Places<Rest>
  : never;

type TextsOf<Row> =
  | (Row extends { readonly found: infer Found extends string } ? Found : never)
  | (Row extends { readonly remedy: infer Remedy extends string } ? Remedy : never);

type ValuesOf<Row> = Readonly<Record<Places<TextsOf<Row>>, string | number>>;

type Rows<Name extends CheckName> = (typeof FINDINGS)[Name];

/**
 * A finding in the words of the table.
 * @param values what stands at the places of its sentences; no account data, no secret
 */
export const finding = <Name extends CheckName, Kind extends keyof Rows<Name> & string>(
  check: Name,
  kind: Kind,
  ...values: [Places<TextsOf<Rows<Name>[Kind]>>] extends [never] ? [] : [ValuesOf<Rows<Name>[Kind]>]
): Finding => filled(check, FINDINGS[check][kind] as FindingRow, values[0] ?? {});

/** One that any check can end with. */
export const anyFinding = <Kind extends keyof typeof ANY>(
  check: CheckName,
  kind: Kind,
  values: Readonly<Record<string, string | number>> = {},
): Finding => filled(check, ANY[kind], values);

const filled = (
  check: CheckName,
  { verdict, found, remedy }: FindingRow,
  values: Readonly<Record<string, string | number>>,
): Finding => ({
  check,
  verdict,
  found: withValues(found, values),
  ...(remedy === undefined ? {} : { remedy: withValues(remedy, values) }),
});

// What others say ends as it likes; here it stands within a sentence and on one line.
const withValues = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`a finding without its ${name}: ${text}`);
    return String(value).replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, LONGEST);
  });

const LONGEST = 300;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** A card file that can't be used: names file, key, what is expected and what is there. */
export interface CardFileProblem {
  readonly problem: string;
}

export const isCardFileProblem = (value: unknown): value is CardFileProblem =>
  typeof value === 'object' && value !== null && 'problem' in value && !('malformed' in value);

const hexText = (what: string) =>
  v.pipe(
    v.string(),
    v.regex(/^(?:[0-9A-Fa-f]{2}\s*)*$/, (issue) => `expected ${what}, found ${issue.received}`),
  );
const digits = (what: string, pattern: RegExp) =>
  v.pipe(v.string(`expected ${what}, in quotes`), v.regex(pattern, `expected ${what}`));
const elementNames = v.optional(v.array(v.string()), []);

const Account = v.strictObject({
  pan: digits('12 to 19 digits', /^\d{12,19}$/),
  /** PAN sequence number; a card may have none. */
  sequenceNumber: v.optional(digits('two digits', /^\d{2}$/)),
  expiry: digits('a date as YYMMDD', /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/),
  serviceCode: digits('three digits', /^\d{3}$/),
  /** The rest of track 2. */
  discretionaryData: digits('up to 13 digits', /^\d{0,13}$/),
});

const Verification = v.union(
  [
    v.strictObject({ onDevice: v.picklist(['performed', 'awaited']) }),
    v.strictObject({ inTerminal: v.array(v.picklist(['onlinePin', 'signature'])) }),
  ],
  'expected {"onDevice": "performed" or "awaited"} or {"inTerminal": ["onlinePin", "signature"]}',
);

const Record = v.strictObject({
  sfi: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(30)),
  record: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255)),
  /** Takes part in offline data authentication. */
  signed: v.optional(v.boolean(), false),
  elements: v.array(v.string()),
});

const Application = v.strictObject({
  profile: v.picklist(['qvsdc', 'mchip']),
  aid: hexText('a name of 5 to 16 bytes in hexadecimal'),
  priority: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15)),
  /** 9F2A of the directory entry; a card may leave it out. */
  kernelIdentifier: v.optional(hexText('hexadecimal')),
  account: Account,
  verification: Verification,
  /** Card risk management: ask the issuer, approve where the terminal lets it, or refuse. */
  decision: v.optional(v.picklist(['online', 'offline', 'decline']), 'online'),
  /** Values by name (src/data/elements.ts) or tag: text for a, an, ans; else hexadecimal. */
  elements: v.record(v.string(), v.string()),
  fci: elementNames,
  fciIssuerDiscretionary: elementNames,
  processingOptions: elementNames,
  generateAc: elementNames,
  records: v.optional(v.array(Record), []),
});

const CardFileSchema = v.strictObject({
  title: v.string(),
  about: v.string(),
  outcome: v.string(),
  answerToReset: hexText('hexadecimal'),
  applications: v.pipe(v.array(Application), v.minLength(1)),
  /** Status words given instead of an answer, by command: {"SELECT PPSE": "6A82"}. */
  refuses: v.optional(
    v.record(
      v.picklist([
        'SELECT PPSE',
        'SELECT',
        'GET PROCESSING OPTIONS',
        'READ RECORD',
        'GENERATE AC',
        'unknown command',
      ]),
      v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{4}$/, 'expected four hexadecimal digits')),
    ),
    {},
  ),
});

export type CardFile = v.InferOutput<typeof CardFileSchema>;
export type ApplicationFile = CardFile['applications'][number];

/** Reads FOLDER/NAME/card.json and checks its form; what the values mean is `personalise`'s. */
export const readCardFile = (folder: string, name: string): CardFile | CardFileProblem => {
  if (!/^[a-z0-9-]+$/.test(name)) {
    return { problem: `${name}: a card's name has small letters, digits and hyphens` };
  }
  const file = join(folder, name, 'card.json');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return { problem: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
  const checked = v.safeParse(CardFileSchema, content);
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  return { problem: `${file}: ${v.getDotPath(issue) ?? 'the whole file'}: ${issue.message}` };
};

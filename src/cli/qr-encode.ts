import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import * as v from 'valibot';
import { fromHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed, type Malformed } from '#bytes/malformed.ts';
import { parseAmount } from '#data/amount.ts';
import { currencyByCode } from '#data/currencies.ts';
import {
  type CodeObject,
  type ConsumerObject,
  encodeConsumerCode,
  encodeMerchantCode,
  type MerchantOrder,
  merchantOrderCode,
} from '#qr/index.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';

export interface EncodeOptions {
  readonly name?: string;
  readonly city?: string;
  readonly mcc?: string;
  readonly currency?: string;
  readonly country?: string;
  readonly amount?: string;
  readonly account: readonly string[];
  readonly reference?: string;
  readonly terminal?: string;
  readonly bill?: string;
  readonly postalCode?: string;
  readonly static?: boolean;
  /** A file. */
  readonly json?: string;
  readonly draw?: boolean;
}

/** `countertap qr encode`: the text of a code, from options or from a tree in a JSON file. */
export const encode = async (options: EncodeOptions): Promise<ExitCode> => {
  const made = options.json === undefined ? fromOptions(options) : await fromFile(options.json);
  if (isMalformed(made)) return fail(`no such code is allowed: ${describeMalformed(made)}`);
  if ('problem' in made) return fail(made.problem);
  if (options.draw) {
    const { renderUnicodeCompact } = await import('uqr');
    // Level M, and the quiet zone of four modules: ISO/IEC 18004.
    say(renderUnicodeCompact(made.text, { ecc: 'M', border: 4 }));
  }
  say(made.text);
  return exit.ok;
};

type Made = { readonly text: string } | { readonly problem: string } | Malformed;

const textOrMalformed = (text: string | Malformed): Made =>
  typeof text === 'string' ? { text } : text;

const fromOptions = (options: EncodeOptions): Made => {
  const { name, city, mcc, country } = options;
  const absent = (['name', 'city', 'mcc', 'country'] as const).find((one) => !options[one]);
  if (absent !== undefined) return { problem: `--${absent} is missing (or give --json FILE)` };
  const currency = currencyByCode(options.currency ?? '');
  if (currency === undefined) return { problem: '--currency: a code such as EUR' };
  const amount = options.amount === undefined ? undefined : parseAmount(options.amount, currency);
  if (amount !== undefined && 'problem' in amount) return amount;
  const accounts = options.account.map(accountOf);
  const wrong = accounts.find((one) => typeof one === 'string');
  if (wrong !== undefined) return { problem: wrong };
  return textOrMalformed(
    merchantOrderCode({
      merchantName: name ?? '',
      merchantCity: city ?? '',
      merchantCategoryCode: mcc ?? '',
      country: country ?? '',
      currency,
      accounts: accounts.filter((one) => typeof one !== 'string'),
      use: options.static ? 'static' : 'dynamic',
      ...(amount === undefined ? {} : { amountMinor: amount.minor }),
      ...optional(options),
    }),
  );
};

const optional = ({
  reference,
  terminal,
  bill,
  postalCode,
}: EncodeOptions): Partial<MerchantOrder> => ({
  ...(reference === undefined ? {} : { reference }),
  ...(terminal === undefined ? {} : { terminalLabel: terminal }),
  ...(bill === undefined ? {} : { billNumber: bill }),
  ...(postalCode === undefined ? {} : { postalCode }),
});

// 02 to 25 hold a bare value; 26 to 51 the scheme's name and what it wants to know.
const accountOf = (text: string): CodeObject | string => {
  const [, id = '', rest = ''] = /^([0-9]{2}):(.+)$/s.exec(text) ?? [];
  if (id < '02' || id > '51') return '--account: 02:VALUE, 26:SCHEME or 26:SCHEME,01=VALUE,…';
  if (id < '26') return { id, value: rest };
  const [scheme = '', ...parts] = rest.split(',');
  const objects = parts.map((part) => ({ id: part.slice(0, 2), value: part.slice(3) }));
  if (parts.some((part) => !/^[0-9]{2}=./.test(part))) {
    return `--account ${id}: behind the scheme's name expected 01=VALUE`;
  }
  return { id, objects: [{ id: '00', value: scheme }, ...objects] };
};

const fromFile = async (file: string): Promise<Made> => {
  let json: unknown;
  try {
    json = JSON.parse(file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8'));
  } catch (error) {
    return { problem: `${file}: ${error instanceof Error ? error.message : error}` };
  }
  const parsed = v.safeParse(tree, json);
  if (!parsed.success) return { problem: `${file}: expected ${SHAPE}` };
  const { objects } = parsed.output;
  if (isMasked(objects))
    return { problem: `${file}: values are masked, which no code should hold` };
  const merchant = objects.map(merchantObject);
  if (merchant.every((one) => one !== undefined)) {
    return textOrMalformed(encodeMerchantCode(merchant));
  }
  const consumer = objects.map(consumerObject);
  return consumer.every((one) => one !== undefined)
    ? textOrMalformed(encodeConsumerCode(consumer))
    : { problem: `${file}: expected ${SHAPE}` };
};

const SHAPE =
  '{"objects": […]}, each {"id": "59", "value": "…"} or {"tag": "4F", "value": hexadecimal}, ' +
  'templates with "objects" instead of "value"';

/** What `countertap qr decode --json` prints is one, too. */
interface FileObject {
  readonly id?: string | undefined;
  readonly tag?: string | undefined;
  readonly value?: string | undefined;
  readonly masked?: boolean | undefined;
  readonly objects?: readonly FileObject[] | undefined;
}

const fileObject: v.GenericSchema<FileObject> = v.object({
  id: v.optional(v.string()),
  tag: v.optional(v.pipe(v.string(), v.regex(/^([0-9A-Fa-f]{2}){1,4}$/))),
  value: v.optional(v.string()),
  masked: v.optional(v.boolean()),
  objects: v.optional(v.array(v.lazy(() => fileObject))),
});

const tree = v.object({ objects: v.array(fileObject) });

const isMasked = (objects: readonly FileObject[]): boolean =>
  objects.some(({ masked, objects: inner = [] }) => masked === true || isMasked(inner));

const merchantObject = (one: FileObject): CodeObject | undefined => {
  const { id, value, objects = [] } = one;
  if (id === undefined) return undefined;
  if (value !== undefined) return { id, value };
  const inner = objects.map(merchantObject);
  return inner.every((found) => found !== undefined) ? { id, objects: inner } : undefined;
};

const consumerObject = (one: FileObject): ConsumerObject | undefined => {
  if (one.tag === undefined) return undefined;
  const tag = Number.parseInt(one.tag, 16);
  if (one.value !== undefined) {
    const value = fromHex(one.value);
    return value === undefined ? undefined : { tag, value };
  }
  const inner = (one.objects ?? []).map(consumerObject);
  return inner.every((found) => found !== undefined) ? { tag, objects: inner } : undefined;
};

import { readFileSync } from 'node:fs';
import { fromHex } from '#bytes/hex.ts';
import type { Book } from '#data/dictionary.ts';
import {
  bookOfKernel,
  type Explanation,
  explainStatusWord,
  explainTag,
  explainTlvs,
  explainValue,
  firstMalformed,
  isStatusWordText,
} from '#data/explain/index.ts';
import { tagAt, tagLengthAt } from '#tlv/tlv.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';
import { colourless, colours, type Style, textOf } from './explain-text.ts';

export interface ExplainCommandOptions {
  readonly tlv?: readonly string[];
  readonly kernel?: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly showAccountData?: boolean;
}

/**
 * `countertap explain TAG [VALUE]` and `explain --tlv HEX`: a tag, a value, a status word or a
 * whole TLV string in words. Exit 3 on malformed input; what could be read is printed all the same.
 */
export const explain = (
  tagText: string | undefined,
  valueTexts: readonly string[],
  options: ExplainCommandOptions,
): ExitCode => {
  const book = options.kernel === undefined ? undefined : bookOfKernel(options.kernel);
  if (options.kernel !== undefined && book === undefined) {
    return fail(`kernel "${options.kernel}": the books know kernels 2 to 8`);
  }
  if ((tagText === undefined) === (options.tlv === undefined)) {
    return fail('explain what? Give a tag, a tag and its value, or --tlv and a TLV string');
  }
  const explained =
    tagText === undefined
      ? ofTlv(options.tlv?.join('') ?? '', options, book)
      : ofTag(tagText, valueTexts.join(''), options, book);
  if (typeof explained === 'string') return fail(explained);
  if (options.json) say(JSON.stringify(explained, null, 2));
  else say(textOf(explained, { all: options.all === true, style: styleOf(process) }));
  return explained.malformed === null && explained.objects.every((one) => !firstMalformed(one))
    ? exit.ok
    : exit.error;
};

/** What is printed: objects side by side, and where their row breaks off. */
interface Explained {
  readonly objects: readonly Explanation[];
  readonly malformed: Explanation['malformed'];
}

const ofTlv = (
  text: string,
  { showAccountData = false }: ExplainCommandOptions,
  book: Book | undefined,
): Explained | string => {
  const bytes = fromHex(text === '-' ? readFileSync(0, 'utf8') : text);
  if (bytes === undefined) return notHex('the TLV string');
  return explainTlvs(bytes, { book, showAccountData });
};

const ofTag = (
  tagText: string,
  valueText: string,
  { showAccountData = false }: ExplainCommandOptions,
  book: Book | undefined,
): Explained | string => {
  const tag = fromHex(tagText);
  if (tag === undefined || tag.length === 0) return notHex('the tag');
  const value = fromHex(valueText);
  if (value === undefined) return notHex('the value');
  const alone = (one: Explanation): Explained => ({ objects: [one], malformed: null });
  const number = tagAt(tag, 0, tag.length);
  if (tagLengthAt(tag, 0) !== tag.length) {
    return isStatusWordText(tagText.toUpperCase()) && value.length === 0
      ? alone(explainStatusWord(number, book))
      : `"${tagText}" is no tag: see EMV Book 3 Annex B1. A whole string goes after --tlv`;
  }
  return alone(
    valueText === ''
      ? explainTag(number, { book })
      : explainValue(number, value, { book, showAccountData }),
  );
};

// What was typed may hold account data: it isn't repeated.
const notHex = (what: string): string =>
  `${what} isn't hexadecimal: two digits a byte, blanks between bytes allowed`;

const styleOf = ({ stdout, env }: NodeJS.Process): Style =>
  stdout.isTTY && (env['NO_COLOR'] ?? '') === '' ? colours : colourless;

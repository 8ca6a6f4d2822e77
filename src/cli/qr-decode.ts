import { text as textOf } from 'node:stream/consumers';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import {
  type CodeTable,
  type ConsumerLine,
  consumerLines,
  decodeConsumerCode,
  identifyCode,
  looksLikeConsumerCode,
  looksLikeMerchantCode,
  type MerchantLine,
  maskCode,
  merchantLines,
  readMerchantCode,
} from '#qr/index.ts';
import { type ExitCode, exit, failAs, say } from './exit.ts';
import { loadConfiguration } from './load-configuration.ts';

export interface DecodeOptions {
  readonly symbology?: string;
  readonly config: string;
  readonly json?: boolean;
}

/**
 * `countertap qr decode TEXT`: what a code is by the configuration's table, and what is in it,
 * masked. Exit 3 when it would be refused; what could be read is printed all the same.
 */
export const decode = async (given: string, options: DecodeOptions): Promise<ExitCode> => {
  const text = (given === '-' ? await textOf(process.stdin) : given).trim();
  if (looksLikeMerchantCode(text)) return merchant(text, options);
  const configuration = loadConfiguration(options.config);
  if (isConfigProblem(configuration)) {
    return failAs(options.json, describeConfigProblem(configuration));
  }
  const { codes } = configuration.terminal;
  return looksLikeConsumerCode(text) ? consumer(text, options) : other(text, options, codes);
};

const merchant = (text: string, { json }: DecodeOptions): ExitCode => {
  const { objects, crc, problems } = readMerchantCode(text);
  const lines = merchantLines(objects);
  const said = problems.map(describeMalformed);
  if (json) say(JSON.stringify({ kind: 'merchant', objects: lines, crc, problems: said }));
  else {
    say(`A shop's code for phones to scan (EMVCo MPM), ${text.length} characters`);
    for (const line of treeOf(lines.map(ofMerchant))) say(line);
    if (crc !== undefined) say(`${'63'.padEnd(HEAD_WIDTH)}CRC: ${crc}`);
    for (const problem of said) say(`refused: ${problem}`);
  }
  return problems.length === 0 ? exit.ok : exit.error;
};

const consumer = (text: string, { json }: DecodeOptions): ExitCode => {
  const code = decodeConsumerCode(text);
  if (isMalformed(code)) return failAs(json, `refused: ${describeMalformed(code)}`);
  const lines = consumerLines(code.objects);
  if (json) say(JSON.stringify({ kind: 'emvConsumer', objects: lines }));
  else {
    const { length } = code.applications;
    const ways = `${length} application${length === 1 ? '' : 's'}`;
    say(`A shopper's code for the shop to scan (EMVCo CPM), ${ways}`);
    for (const line of treeOf(lines.map(ofConsumer))) say(line);
  }
  return exit.ok;
};

const other = (text: string, { json, symbology }: DecodeOptions, table: CodeTable): ExitCode => {
  const found = identifyCode(text, symbology, table);
  switch (found.kind) {
    case 'wallet': {
      const { kind, wallet } = found;
      say(
        json
          ? JSON.stringify({ kind, wallet, code: maskCode(text) })
          : `${wallet}, ${maskCode(text)}`,
      );
      return exit.ok;
    }
    case 'product':
      say(
        json ? JSON.stringify(found) : `no money: a product barcode, ${found.form} ${found.gtin}`,
      );
      return exit.ok;
    case 'emvConsumer':
      return consumer(text, { config: '', ...(json === undefined ? {} : { json }) });
    case 'ambiguous':
      say(json ? JSON.stringify(found) : `not clear: it fits ${found.candidates.join(' and ')}`);
      return exit.error;
    case 'unknown':
      say(json ? JSON.stringify(found) : `unknown: ${found.why}`);
      return exit.error;
  }
};

interface Node {
  readonly head: string;
  readonly title: string;
  readonly value: string;
  readonly inner: readonly Node[];
}

const ofMerchant = ({ id, title, value, meaning, objects }: MerchantLine): Node => ({
  head: id,
  title: title ?? 'unknown',
  value: meaning === undefined ? (value ?? '') : `${value}, ${meaning}`,
  inner: objects.map(ofMerchant),
});

const ofConsumer = ({ tag, title, value, objects }: ConsumerLine): Node => ({
  head: tag,
  title: title ?? 'unknown tag',
  value: value ?? '',
  inner: objects.map(ofConsumer),
});

const HEAD_WIDTH = 10;

// Control characters of a code that somebody made must not steer this terminal.
const visible = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?');

const treeOf = (nodes: readonly Node[], depth = 0): string[] =>
  nodes.flatMap(({ head, title, value, inner }) => {
    const margin = `${'  '.repeat(depth)}${head}`.padEnd(HEAD_WIDTH);
    const line = value === '' ? title : `${title}: ${visible(value)}`;
    return [margin + line, ...treeOf(inner, depth + 1)];
  });

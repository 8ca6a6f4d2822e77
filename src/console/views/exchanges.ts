import { splitResponse } from '#apdu/response.ts';
import { fromHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import type { Book } from '#data/dictionary.ts';
import {
  bookOfKernel,
  type Explanation,
  explainStatusWord,
  explainTlvs,
} from '#data/explain/index.ts';
import { maskCommand } from '#data/mask.ts';
import { defaultKernelId } from '#data/schemes.ts';
import { commandName } from '#terminal/stopwatch.ts';
import { type Exchange, parseTranscript } from '#transcript/index.ts';
import type { PaymentView } from '../api.ts';

type ExchangeView = PaymentView['exchanges'][number];
type ElementView = ExchangeView['elements'][number];

/** The exchanges of a transcript; empty when there is none, or one that can't be read. */
export const exchangesIn = (transcript: string | undefined): readonly Exchange[] => {
  const parsed = transcript === undefined ? undefined : parseTranscript(transcript);
  return parsed === undefined || isMalformed(parsed) ? [] : parsed.exchanges;
};

/**
 * Command by command, each element of the answer decoded, account data masked.
 * @param application the selected AID, hexadecimal: its kernel's book tells what elements mean
 */
export const exchangeViews = (
  exchanges: readonly Exchange[],
  application: string | undefined,
): readonly ExchangeView[] => {
  const aid = application === undefined ? undefined : fromHex(application);
  const book = aid && bookOfKernel(defaultKernelId(aid).replace(/^0/, ''));
  return exchanges.map((one) => exchangeView(one, book));
};

const exchangeView = (exchange: Exchange, book: Book | undefined): ExchangeView => {
  const { command } = exchange;
  const said = `${commandName(command)}: ${maskCommand(command)}`;
  if ('fault' in exchange) return { command: said, answer: exchange.fault, elements: [] };
  const { data, sw } = splitResponse(exchange.response);
  const status = explainStatusWord(sw, book);
  const { objects, malformed } = explainTlvs(data, { book });
  const took = exchange.microseconds === undefined ? '' : `, ${exchange.microseconds} µs`;
  const torn = malformed === null ? '' : `; reading broke off: ${malformed.problem}`;
  return {
    command: said,
    answer: `${status.value}: ${status.meaning ?? 'unknown'}${took}${torn}`,
    elements: objects.flatMap(elementViews),
  };
};

// A template before what is in it.
const elementViews = (one: Explanation): readonly ElementView[] => [
  {
    tag: one.tag,
    name: one.title ?? 'unknown tag',
    value: one.value ?? '',
    means: meaningOf(one),
  },
  ...one.objects.flatMap(elementViews),
];

const meaningOf = ({ meaning, details, remarks, malformed }: Explanation): string =>
  [
    meaning ?? '',
    // Bits that are clear say nothing.
    ...details.filter(({ set }) => set !== false).map(({ text }) => text),
    ...remarks,
    malformed === null ? '' : `reading broke off: ${malformed.problem}`,
  ]
    .filter((part) => part !== '')
    .join('; ');

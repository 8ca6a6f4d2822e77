import { bit } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { tag } from '#data/dictionary.ts';
import { schemeOf, schemesWithoutBook } from '#data/schemes.ts';
import { transactionTypes } from '#data/values.ts';
import type { Combination } from '#entry-point/configuration.ts';
import { ONLINE_ONLY } from '#kernels/shared/terminal-types.ts';
import { LIMIT_NAMES, LIMIT_WORDS, limitOf } from '#settings/limits.ts';
import type { LimitName } from '#settings/types.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';
import { type Configuration, loadConfiguration } from './load-configuration.ts';
import { moneyWords } from './result-text.ts';

/** What a terminal accepts alike: applications of one scheme, kernel, mode and set of limits. */
export interface AcceptedScheme {
  readonly scheme: string;
  readonly kernel: string;
  readonly mode: string;
  /** Where a payment may be decided. */
  readonly decided: 'online' | 'online or offline';
  readonly payments: readonly string[];
  /** Application identifiers, hexadecimal. */
  readonly aids: readonly string[];
  /** Minor units; one that is not there does not apply. */
  readonly limits: Readonly<Partial<Record<LimitName, number>>>;
}

/**
 * `countertap schemes`: what a configuration set accepts, through which kernel, in which mode and
 * within which limits; and the schemes that it can't take for want of a public book.
 */
export const schemes = (set: string, json: boolean): ExitCode => {
  const configuration = loadConfiguration(set);
  if (isConfigProblem(configuration)) return fail(describeConfigProblem(configuration));
  const accepted = acceptedBy(configuration);
  const { currency } = configuration.terminal.terminal;
  if (json) say(JSON.stringify({ currency, accepted, notSupported: NOT_SUPPORTED }));
  else say(textOf(accepted, currency));
  return exit.ok;
};

/** In the order of the kernels' numbers. */
export const acceptedBy = ({ contactless }: Configuration): readonly AcceptedScheme[] => {
  const found = new Map<string, AcceptedScheme>();
  for (const [type, combinations] of contactless.combinations) {
    const payment = transactionTypes[type] ?? `type ${type.toString(16).padStart(2, '0')}`;
    for (const one of combinations) {
      const row = rowOf(one, contactless.terminal);
      const key = JSON.stringify(row);
      const { payments = [], aids = [] } = found.get(key) ?? {};
      found.set(key, {
        ...row,
        payments: [...new Set([...payments, payment])],
        aids: [...new Set([...aids, toHex(one.aid)])],
      });
    }
  }
  return [...found.values()].sort((a, b) => a.kernel.localeCompare(b.kernel));
};

const rowOf = (
  one: Combination,
  terminal: Configuration['contactless']['terminal'],
): Omit<AcceptedScheme, 'payments' | 'aids'> => {
  const limits = LIMIT_NAMES.flatMap((name) => {
    const limit = limitOf(one, name, terminal);
    return limit === undefined ? [] : [[name, limit] as const];
  });
  const floor = limitOf(one, 'readerContactlessFloorLimit', terminal);
  const type = terminal.get(tag.terminalType)?.[0] ?? 0;
  const alwaysOnline = floor === 0 || ONLINE_ONLY.includes(type);
  return {
    scheme: schemeOf(one.aid)?.name ?? NO_SCHEME,
    kernel: one.kernelId,
    mode: modeOf(one),
    decided: alwaysOnline ? 'online' : 'online or offline',
    limits: Object.fromEntries(limits),
  };
};

// Emulated cards' own applications: kernel 8 has cards of no scheme yet.
const NO_SCHEME = 'no scheme';

// Kernels 3, 6 and 7 are told in the qualifiers (9F66 byte 1) what the reader does.
const modeOf = ({ kernelId, entryPoint, options }: Combination): string => {
  if (kernelId === '08') return 'EMV mode over an encrypted channel';
  if (kernelId === '05' && options?.kernel5?.legacyMode) return 'EMV mode and legacy mode';

  const { ttq } = entryPoint;
  if (ttq === undefined || bit(ttq, 1, 6)) return 'EMV mode';
  return 'no mode: every card is refused';
};

const NOT_SUPPORTED = schemesWithoutBook.map(({ name }) => name);

const textOf = (accepted: readonly AcceptedScheme[], currency: string): string => {
  const blocks = accepted.map(({ scheme, kernel, mode, decided, payments, aids, limits }) => {
    const amounts = LIMIT_NAMES.flatMap((name) => {
      const limit = limits[name];
      return limit === undefined ? [] : [`${LIMIT_WORDS[name]} ${moneyWords(limit, currency)}`];
    });
    return [
      `${scheme}, kernel ${Number.parseInt(kernel, 16)}: ${mode}, ${decided}`,
      `  ${payments.join(', ')}`,
      `  ${amounts.length > 0 ? amounts.join(', ') : 'no limits'}`,
      `  ${aids.join(', ')}`,
    ].join('\n');
  });
  const others = NOT_SUPPORTED.join(', ');
  return [
    ...blocks,
    `not supported, as no public book describes their kernels: ${others}`,
    '  A card of theirs alone is asked to be inserted or swiped.',
  ].join('\n');
};

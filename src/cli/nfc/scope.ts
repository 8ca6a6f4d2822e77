import type { Scope } from '#acceptance/index.ts';
import { type DecisionProblem, decisionProblem, isDecisionProblem } from '#acceptance/index.ts';
import { amountText } from '#acceptance/scope.ts';
import { parseAmount } from '#data/amount.ts';
import { currencyByCode } from '#data/currencies.ts';

/** What there is to decide about in this shop, for a refusal that helps. */
export interface ScopeValues {
  /** The shop's own, for an amount without one. */
  readonly currency: string;
  readonly schemes?: readonly string[];
  readonly kernels?: readonly string[];
  readonly wallets?: readonly string[];
  readonly lanes?: readonly string[];
}

/**
 * What a person types after `--scope`, once or several times: "phones", "scheme=Visa",
 * "range=4761-4769", "above=50.00 USD", "lanes=2,3", "qr:alipay", "all". Whether the shop has such
 * a scheme or lane is `parseDecision`'s to say.
 */
export const parseScope = (
  texts: readonly string[],
  values: ScopeValues,
): Scope | DecisionProblem => {
  let scope: Scope = {};
  for (const text of texts) {
    const part = partOf(text.trim(), values);
    if (isDecisionProblem(part)) return part;
    if (Object.keys(part).length === 0 && texts.length > 1) {
      return decisionProblem('scope', `"${text}" is everything: it goes with no other part`);
    }
    const twice = Object.keys(part).find((name) => name in scope);
    if (twice !== undefined) return decisionProblem('scope', `two parts say ${TWICE(twice)}`);
    scope = { ...scope, ...part };
  }
  return scope;
};

/** The same the other way round: what to type for this scope, a text for each `--scope`. */
export const scopeAsTyped = (scope: Scope): readonly string[] => {
  const { method, devices, scheme, aid, kernel, range, above, lanes } = scope;
  const texts = [
    method,
    devices,
    scheme && `scheme=${scheme}`,
    aid && `aid=${aid}`,
    kernel && `kernel=${kernel}`,
    range && `range=${range.from === range.to ? range.from : `${range.from}-${range.to}`}`,
    above && `above=${amountText(above)}`,
    lanes && `lanes=${lanes.join(',')}`,
  ].filter((text) => text !== undefined);
  return texts.length === 0 ? ['all'] : texts;
};

/** `--scope phones --scope "scheme=American Express"`, to be copied into a shell. */
export const scopeOptions = (scope: Scope): string =>
  scopeAsTyped(scope)
    .map((text) => `--scope ${/^[\w=:.,-]+$/.test(text) ? text : `"${text}"`}`)
    .join(' ');

/** Each kind of scope in a line, with what this shop has of it. */
export const scopesThereAre = ({
  currency,
  schemes = [],
  kernels = [],
  wallets = [],
  lanes = [],
}: ScopeValues): readonly string[] => {
  const those = (all: readonly string[]) => (all.length === 0 ? '' : ` (${all.join(', ')})`);
  return [
    'all              all contactless payments; the same as no scope',
    'phones           phones and watches, not plastic',
    `scheme=NAME      one payment scheme${those(schemes)}`,
    'aid=HEX          applications whose identifier begins so: aid=A0000000031010',
    `kernel=NN        one kernel${those(kernels)}`,
    'range=FROM-TO    account numbers or tokens by their first digits: range=4761-4769',
    `above=AMOUNT     amounts above it: "above=50.00 ${currency}"`,
    `lanes=A,B        these lanes${those(lanes)}`,
    `qr, qr:WALLET    QR codes instead of contactless${those(wallets)}`,
  ];
};

type Parse = (value: string, values: ScopeValues) => Scope | DecisionProblem;

const partOf = (text: string, values: ScopeValues): Scope | DecisionProblem => {
  const [, name = '', equals, value = ''] = /^([^=]*)(=?)(.*)$/su.exec(text) ?? [];
  const word = name.trim().toLowerCase();
  if (equals === '') return wordOf(word) ?? unknown(text, values);
  const parse = Object.hasOwn(PARTS, word) ? PARTS[word] : undefined;
  if (parse === undefined) return unknown(text, values);
  if (value.trim() === '') return decisionProblem('scope', `"${text}" names nothing`);
  return parse(value.trim(), values);
};

const wordOf = (word: string): Scope | undefined => {
  if (word === 'all' || word === 'contactless') return {};
  if (word === 'phones') return { devices: 'phones' };
  return word === 'qr' || /^qr:[a-z0-9-]+$/.test(word) ? { method: word } : undefined;
};

const PARTS: Readonly<Record<string, Parse>> = {
  scheme: (scheme) => ({ scheme }),
  aid: (aid) => ({ aid: aid.replaceAll(/\s/g, '').toUpperCase() }),
  kernel: (kernel) => ({ kernel: (kernel.length === 1 ? `0${kernel}` : kernel).toUpperCase() }),
  range: (text) => {
    const match = /^([0-9]+)(?:\s*[-–]\s*([0-9]+))?$/.exec(text);
    if (match === null) {
      return decisionProblem('scope.range', `"${text}": expected digits such as 4761-4769`);
    }
    const [, from = '', to = from] = match;
    return { range: { from, to } };
  },
  above: (text, { currency: own }) => {
    const [, figures = '', code = own] = /^(.*?)\s*(?:(?<![a-z])([a-z]{3}))?$/i.exec(text) ?? [];
    const currency = currencyByCode(code.toUpperCase());
    if (currency === undefined) return decisionProblem('scope.above', `no currency "${code}"`);
    const parsed = NOTHING.test(figures) ? { minor: 0 } : parseAmount(figures, currency);
    return 'problem' in parsed
      ? decisionProblem('scope.above', parsed.problem)
      : { above: { minor: parsed.minor, currency: currency.code } };
  },
  lane: (text) => ({ lanes: lanesOf(text) }),
  lanes: (text) => ({ lanes: lanesOf(text) }),
};

// "above 0.00" is a scope: every payment that has an amount.
const NOTHING = /^0+(?:\.0+)?$/;

const lanesOf = (text: string): string[] =>
  [...new Set(text.split(',').map((lane) => lane.trim()))].filter(Boolean).sort();

const unknown = (text: string, values: ScopeValues): DecisionProblem =>
  decisionProblem(
    'scope',
    [`there is no scope "${text}"; there are`, ...scopesThereAre(values)].join('\n  '),
  );

const TWICE = (part: string): string =>
  part === 'method' ? 'which method' : `"${part}": give each once`;

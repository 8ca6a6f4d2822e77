import { LONGEST_RANGE } from '#acceptance/facts.ts';
import {
  type DecisionProblem,
  decisionProblem,
  type Facts,
  OTHER_SCHEME,
  withApplication,
} from '#acceptance/index.ts';
import { fromHex } from '#bytes/hex.ts';
import { parseAmount } from '#data/amount.ts';
import { currencyByCode } from '#data/currencies.ts';
import { defaultKernelId } from '#data/schemes.ts';
import { cardFacts, isCardFileProblem } from '#drivers/simulated/index.ts';
import type { ScopeValues } from './scope.ts';

/** What a person says of a payment behind `countertap nfc why`. */
export interface PaymentWords {
  /** An emulated card's name: what it would tell. */
  readonly card?: string;
  readonly aid?: string;
  readonly scheme?: string;
  readonly kernel?: string;
  readonly device?: 'phone' | 'plastic' | 'unknown';
  readonly amount?: string;
  readonly currency?: string;
  readonly lane?: string;
  /** Leading digits; more than a range can ask for are refused, so that no number is typed. */
  readonly accountPrefix?: string;
  /** A QR code instead; a text for the wallet. */
  readonly qr?: string | boolean;
}

/** The payment that is asked about; what isn't said isn't known of it. */
export const factsOf = (words: PaymentWords, shop: ScopeValues): Facts | DecisionProblem => {
  const { lane, device, accountPrefix: account, qr } = words;
  if (account !== undefined && !new RegExp(`^[0-9]{1,${LONGEST_RANGE}}$`).test(account)) {
    return decisionProblem('account-prefix', `expected 1 to ${LONGEST_RANGE} leading digits`);
  }
  const amount = amountOf(words, shop);
  if (amount !== undefined && 'decisionProblem' in amount) return amount;
  const before: Facts = {
    method: qr === undefined ? 'contactless' : 'qr',
    ...(lane === undefined ? {} : { lane }),
    ...(amount === undefined ? {} : { amount }),
    ...(typeof qr === 'string' ? { wallet: qr.toLowerCase() } : {}),
  };
  const application = withCardNamed(before, words);
  if ('decisionProblem' in application) return application;
  const typed = withParts(application, words, shop);
  if ('decisionProblem' in typed) return typed;
  return {
    ...typed,
    ...(device === undefined ? {} : { device: device === 'unknown' ? null : device }),
    ...(account === undefined ? {} : { account }),
  };
};

const amountOf = (
  { amount, currency }: PaymentWords,
  shop: ScopeValues,
): NonNullable<Facts['amount']> | DecisionProblem | undefined => {
  if (amount === undefined) return undefined;
  const known = currencyByCode((currency ?? shop.currency).toUpperCase());
  if (known === undefined) return decisionProblem('currency', `no currency "${currency}"`);
  const parsed = parseAmount(amount, known);
  if ('problem' in parsed) return decisionProblem('amount', parsed.problem);
  return { minor: parsed.minor, currency: known.code };
};

const withCardNamed = (facts: Facts, { card }: PaymentWords): Facts | DecisionProblem => {
  if (card === undefined) return facts;
  const told = cardFacts(card);
  if (isCardFileProblem(told)) return decisionProblem('card', told.problem);
  const { aid, kernel, device, beginning } = told;
  const application = withApplication(facts, aid, kernel ?? kernelFor(aid));
  return { ...application, device, account: beginning };
};

const withParts = (
  facts: Facts,
  { aid, scheme, kernel }: PaymentWords,
  { schemes = [] }: ScopeValues,
): Facts | DecisionProblem => {
  const identifier = aid?.replaceAll(/\s/g, '').toUpperCase();
  if (identifier !== undefined && !/^(?:[0-9A-F]{2}){5,16}$/.test(identifier)) {
    return decisionProblem('aid', `"${aid}" is no application identifier: 5 to 16 bytes`);
  }
  const whole =
    identifier === undefined ? facts : withApplication(facts, identifier, kernelFor(identifier));
  const named = [...schemes, OTHER_SCHEME].find(
    (one) => one.toLowerCase() === scheme?.toLowerCase(),
  );
  if (scheme !== undefined && named === undefined) {
    return decisionProblem('scheme', `"${scheme}" is unknown here; known: ${schemes.join(', ')}`);
  }
  const two = kernel?.padStart(2, '0').toUpperCase();
  if (two !== undefined && !/^(?:[0-9A-F]{2}){1,8}$/.test(two)) {
    return decisionProblem('kernel', `"${kernel}" is no kernel: expected such as 03`);
  }
  return {
    ...whole,
    ...(named === undefined ? {} : { scheme: named }),
    ...(two === undefined ? {} : { kernel: two }),
  };
};

const kernelFor = (aid: string): string => defaultKernelId(fromHex(aid) ?? new Uint8Array());

import type { Decision, Facts, Verdict } from '#acceptance/index.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import { codeOf } from './format.ts';
import { factsBefore, type GateParts } from './gate.ts';
import type { Refusal, SaleRequest } from './types.ts';

/** What is known of a payment by this wallet's code: all of it, before anybody is asked. */
export const walletFacts = (
  { settings: { lane } }: GateParts,
  wallet: string,
  request?: Pick<SaleRequest, 'amountMinor' | 'currency'>,
): Facts => ({
  method: 'qr',
  wallet,
  lane,
  ...(request === undefined
    ? {}
    : { amount: { minor: request.amountMinor, currency: codeOf(request.currency) } }),
});

/** Why the shop does not take this wallet now; undefined when it does. */
export const walletRefusal = (
  parts: GateParts,
  wallet: string,
  request?: Pick<SaleRequest, 'amountMinor' | 'currency' | 'brands'>,
): Refusal | undefined => {
  const verdict = parts.acceptance.judge(walletFacts(parts, wallet, request));
  // Nothing comes to be known later: what is open now stays open.
  if (verdict.accepted === 'yes') return notOfBrands(wallet, request?.brands);
  const by = decisive(verdict);
  const offered = by?.alternatives.length ? by.alternatives : parts.settings.alternatives;
  return {
    ...(by === undefined ? {} : { by }),
    // What is refused here is no way out.
    alternatives: offered.filter((name) => name !== `qr:${wallet}`),
    whole: false,
    plasticWelcome: false,
    because: `codes of ${wallet} are switched off`,
    wallet,
  };
};

/** As decisions name the codes of card schemes, whose brands are told by what they hold. */
export const EMV = 'emv';

// The till takes it by other brands alone: nothing that the shop has decided.
const notOfBrands = (wallet: string, brands: readonly string[] | undefined): Refusal | undefined =>
  brands === undefined || wallet === EMV || brands.includes(wallet)
    ? undefined
    : {
        ...{ alternatives: [], whole: false, plasticWelcome: false, wallet },
        because: `${wallet} is not what this payment may be paid with`,
      };

const decisive = ({ by, why }: Verdict): Decision | undefined =>
  by ?? why.find(({ decision }) => decision.action === 'off')?.decision;

/** The wallets that this purchase could be paid with now. */
export const walletsTaken = (
  parts: GateParts,
  hosts: readonly WalletHost[],
  request: SaleRequest,
): readonly WalletHost[] =>
  takesCodes(request)
    ? hosts.filter(({ name }) => walletRefusal(parts, name, request) === undefined)
    : [];

/** A wallet takes purchases; amounts are held, and refunds made to any card, by cards alone. */
export const takesCodes = ({ kind = 'purchase', method, original }: SaleRequest): boolean =>
  kind === 'purchase' && method !== 'card' && original === undefined;

/** Nothing is taken by contactless for this amount. */
export const contactlessOff = (parts: GateParts, request: SaleRequest): boolean =>
  parts.acceptance.judge(factsBefore(parts, request)).accepted === 'no';

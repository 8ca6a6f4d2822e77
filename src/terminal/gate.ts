import {
  type Decision,
  type Facts,
  judge,
  type Verdict,
  withApplication,
  withCard,
} from '#acceptance/index.ts';
import { toHex } from '#bytes/hex.ts';
import { type CardSigns, signsAfter, signsBefore } from '#contactless/card-signs.ts';
import type { Standing } from '#decisions/types.ts';
import type { Combination, ReaderConfiguration } from '#entry-point/configuration.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import type { CardSoFar } from '#kernels/shared/step.ts';
import { codeOf } from './format.ts';
import type { Acceptance, Refusal, SaleRequest, TerminalParts } from './types.ts';

/** The shop's decisions before one tap. */
export interface Gate {
  /** Aborted as soon as the tap is refused; never once a cryptogram was asked for. */
  readonly signal: AbortSignal;
  readonly refusal: Refusal | undefined;
  /** What a card may be selected by; refused when nothing of it is left for this transaction. */
  offer(contactless: ReaderConfiguration, transactionType: number): ReaderConfiguration;
  /** A card is awaited: the one before it has given no cryptogram that is of any use. */
  awaitCard(): void;
  /** The card is about to be asked for a cryptogram: refused, or past recall. */
  clear(card: CardSoFar): void;
  /**
   * All was read, nobody was told: a card that showed itself only now. Goes by what was in force
   * when it was asked for its cryptogram.
   */
  afterReading(end: ActivationEnd): Refusal | undefined;
  close(): void;
}

export type GateParts = Pick<TerminalParts, 'acceptance' | 'settings'>;

/** What is known before the reader is touched. */
export const factsBefore = (
  { settings: { lane } }: GateParts,
  request?: Pick<SaleRequest, 'amountMinor' | 'currency'>,
): Facts => ({
  method: 'contactless',
  lane,
  ...(request === undefined
    ? {}
    : { amount: { minor: request.amountMinor, currency: codeOf(request.currency) } }),
});

/** What the shop takes, as far as the counter alone tells. */
export const acceptanceOf = (parts: GateParts): Acceptance => {
  const facts = factsBefore(parts);
  const verdict = parts.acceptance.judge(facts);
  if (verdict.accepted === 'no') return { off: wholly(verdict, parts), plasticOnly: false };
  const [phone, plastic] = (['phone', 'plastic'] as const).map(
    (device) => parts.acceptance.judge({ ...facts, device }).accepted,
  );
  return { plasticOnly: phone === 'no' && plastic !== 'no' };
};

const wholly = (verdict: Verdict, { settings }: GateParts): Refusal => {
  const by = blamed(verdict);
  return {
    ...(by === undefined ? {} : { by }),
    alternatives: by?.alternatives.length ? by.alternatives : settings.alternatives,
    whole: true,
    plasticWelcome: false,
    because: 'contactless is switched off',
  };
};

/**
 * Opens the gate for one tap. A decision that comes meanwhile counts at once, as long as the card
 * has not been asked for a cryptogram; from then on the tap is finished and settled.
 */
export const openGate = (parts: GateParts, request: SaleRequest): Gate => {
  const { acceptance, settings } = parts;
  const facts = factsBefore(parts, request);
  const stop = new AbortController();
  let refusal: Refusal | undefined;
  /** What was in force when the card was asked for a cryptogram. */
  let then: Standing | undefined;
  const refuseAll = () => {
    refusal ??= wholly(acceptance.judge(facts), parts);
    stop.abort();
  };
  const look = () => {
    if (then === undefined && acceptance.judge(facts).accepted === 'no') refuseAll();
  };
  const watch = acceptance.standing$.subscribe(look);
  const judged = (
    selected: Facts,
    { device, account, because }: CardSigns,
    by: (facts: Facts) => Verdict,
  ): Refusal | undefined => {
    const all = withCard(selected, device, account);
    const verdict = by(all);
    if (verdict.accepted === 'yes') return undefined;
    const plasticWelcome = by({ ...all, device: 'plastic' }).accepted === 'yes';
    return {
      ...wholly(verdict, parts),
      whole: by(facts).accepted === 'no',
      plasticWelcome,
      because,
    };
  };
  return {
    signal: stop.signal,
    get refusal() {
      return refusal;
    },
    offer: (contactless, transactionType) => {
      const rest = offered(contactless, (one) => mayBeTaken(parts, facts, one));
      const [all, left] = [contactless, rest].map((one) => one.combinations.get(transactionType));
      if (all?.length && !left?.length) refuseAll();
      return rest;
    },
    awaitCard: () => {
      then = undefined;
      look();
    },
    clear: (card) => {
      const selected = withApplication(facts, toHex(card.adfName), card.kernelId);
      refusal ??= judged(selected, signsBefore(card, settings.signs), acceptance.judge);
      if (refusal === undefined) then = acceptance.standing();
      else stop.abort();
    },
    afterReading: ({ selected, outcome }) => {
      const known = outcome?.report?.known;
      if (selected === null || known === undefined || then === undefined) return undefined;
      const { inForce } = then;
      const { candidate, combination } = selected;
      const application = withApplication(facts, toHex(candidate.adfName), combination.kernelId);
      const signs = signsAfter(combination.kernelId, known, settings.signs);
      return judged(application, signs, (known) => judge(inForce, known));
    },
    close: () => watch.unsubscribe(),
  };
};

// What decided; where it is still open, what may yet turn out to apply counts as it.
const blamed = ({ by, why }: Verdict): Decision | undefined =>
  by ?? why.find(({ decision }) => decision.action === 'off')?.decision;

/**
 * Whether some card could pay by this combination. Its AID is the beginning of what a card has, so
 * a decision about a longer one is left to the card.
 */
const mayBeTaken = (
  { acceptance }: GateParts,
  facts: Facts,
  { aid, kernelId }: Combination,
): boolean => {
  const known = withApplication(facts, toHex(aid), kernelId);
  const { inForce } = acceptance.standing();
  const longer = inForce.some(({ scope }) => isLonger(scope.aid ?? '', known.aid ?? ''));
  return longer || acceptance.judge(known).accepted !== 'no';
};

const isLonger = (aid: string, than: string): boolean =>
  aid.length > than.length && aid.startsWith(than);

const offered = (
  contactless: ReaderConfiguration,
  wanted: (combination: Combination) => boolean,
): ReaderConfiguration => {
  const combinations = new Map(
    [...contactless.combinations].map(([type, list]) => [type, list.filter(wanted)]),
  );
  return { ...contactless, combinations, clearance: true };
};

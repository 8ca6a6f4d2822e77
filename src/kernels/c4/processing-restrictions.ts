import { bit, equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { sortableDate } from '../shared/card-formats.ts';
import { usageAllowed } from '../shared/usage-control.ts';
import { cardBytes, EMPTY, type Kernel4Run, type Phase, readerSays, setTvr } from './run.ts';

/**
 * C-4, Processing Restrictions: versions, dates and usage control as in Book 3 §10.4, and whether
 * the issuer lets this terminal ask it later.
 */
export const processingRestrictions: Phase = function* (run) {
  const { card, input } = run;
  const ours = input.terminal.get(tag.applicationVersionNumberTerminal) ?? EMPTY;
  const cards = card.get(tag.applicationVersionNumberCard);
  if (cards !== undefined && !equal(cards, ours)) setTvr(run, 'versionsDiffer');
  const today = sortableDate(input.terminal.get(tag.transactionDate) ?? EMPTY);
  const effective = card.get(tag.applicationEffectiveDate);
  if (effective !== undefined && today < sortableDate(effective)) setTvr(run, 'notYetEffective');
  if (today > sortableDate(cardBytes(run, tag.applicationExpirationDate))) setTvr(run, 'expired');
  const restricted = card.has(tag.applicationUsageControl) && !usageAllowed(card, input.terminal);
  if (restricted || !delayAllowed(run)) setTvr(run, 'serviceNotAllowed');
  return 'cardholderVerification';
};

// 9F70 byte 2: bit 8 the issuer has a word on delayed authorisation, bit 7 yes at home, bit 6 yes
// abroad. A card without its issuer's country counts as from abroad (our choice).
const delayAllowed = (run: Kernel4Run): boolean => {
  const capabilities = cardBytes(run, tag.cardInterfaceAndPaymentCapabilities);
  if (!readerSays(run, 'delayedAuthorisation') || !bit(capabilities, 2, 8)) return true;
  const here = run.input.terminal.get(tag.terminalCountryCode) ?? EMPTY;
  return bit(capabilities, 2, equal(cardBytes(run, tag.issuerCountryCode), here) ? 7 : 6);
};

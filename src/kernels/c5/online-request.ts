import { tag } from '#data/dictionary.ts';
import { balanceShown } from '../shared/balance.ts';
import { type Outcome, outcome } from '../shared/outcome.ts';
import { closing, message } from './outcomes.ts';
import { EMPTY, type Kernel5Run, tipSays } from './run.ts';

/**
 * How the issuer's data reaches the card, by the Issuer Update Parameter (9F60) bits 2-1: while it
 * is held there, by a second presentment, or not at all; never where this reader doesn't deliver.
 */
export const updateWanted = (run: Kernel5Run): 'none' | 'hold' | 'presentAgain' => {
  const parameter = (run.card.get(tag.issuerUpdateParameter) ?? EMPTY)[0] ?? 0;
  if (!tipSays(run, 'issuerUpdateSupported')) return 'none';
  const wanted = parameter & 3;
  if (wanted === 1) return 'hold';
  return wanted === 2 ? 'presentAgain' : 'none';
};

/** C-5, Online Request: with the next activation that the issuer's data needs. */
export const onlineRequest = (run: Kernel5Run): Outcome => {
  const wanted = updateWanted(run);
  const shown = run.cvm === 'onlinePin' ? '09' : '1B';
  const common = { cvm: run.cvm, receipt: run.cvm === 'obtainSignature', ...closing(run) };
  const balance = balanceShown(run.card.get(tag.offlineBalanceK5), run.input.transaction);
  if (wanted === 'hold') {
    return outcome('onlineRequest', {
      ...common,
      uiOnOutcome: message(run, shown, 'processing', balance),
      start: 'D',
      onlineResponseType: 'any',
      removalTimeoutMs: run.options.removalTimeoutMs,
      uiOnRestart: message(run, '16', 'processing'),
    });
  }
  return outcome('onlineRequest', {
    ...common,
    uiOnOutcome: message(run, shown, 'cardReadSuccessfully', balance),
    ...(wanted === 'presentAgain'
      ? {
          start: 'B',
          onlineResponseType: 'emvData',
          uiOnRestart: message(run, '21', 'readyToRead'),
          // The card has to leave the field before it can be presented again.
          fieldOffMs: 0,
        }
      : {}),
  });
};

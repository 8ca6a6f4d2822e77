import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { parseCombinationSets } from '#config/combinations-config.ts';
import { isConfigProblem } from '#config/problem.ts';
import { contactlessConfiguration } from '#contactless/configuration.ts';
import { builtInKernels } from '#contactless/kernels.ts';
import { transactionData } from '#contactless/transaction-data.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import { plainCard } from '#test/kernels/c2/support.ts';
import { play } from '#test/support/scripted-card.ts';
import { answer, fciOf, LENIENT } from './support.ts';

const set = (kernel4?: object) => ({
  transactionTypes: ['00'],
  combinations: [{ aid: 'A00000002501', kernelId: '04' }],
  data: { '9F6E': '18E00003', ...LENIENT },
  ...(kernel4 ? { kernel4 } : {}),
});

/** A whole tap of a card that wants its issuer, from a configuration file's text to the outcome. */
const tapWith = (kernel4?: object) => {
  const text = JSON.stringify([set(kernel4)]);
  const sets = parseCombinationSets({ name: 'combinations.json', text });
  if (isConfigProblem(sets)) throw new Error(JSON.stringify(sets));
  const reader = contactlessConfiguration({
    source: 'combinations.json',
    sets,
    terminal: new Map([
      [0x9f1a, hex('0840')],
      [0x9f35, hex('22')],
    ]),
    kernels: builtInKernels,
  });
  if (isConfigProblem(reader)) throw new Error(JSON.stringify(reader));
  const transaction = { type: 0, amountAuthorised: 1250, amountOther: 0, currency: 840 };
  const activation = {
    start: 'A',
    transaction,
    transactionData: transactionData(transaction, '260615120000', 1),
  } as const;
  const card = plainCard({ cryptogram: { '9F27': '80' } });
  const { result } = play(activate(reader, newTransaction, activation), (command, index) => {
    if (index === 0) return answer(0x6f, { A5: 'BF0C0C610A 4F08A000000025010402' });
    return index === 1 ? Uint8Array.of(...fciOf(), 0x90, 0x00) : card(command, index - 2);
  });
  return result.outcome?.outcome;
};

describe('the options of kernel 4', () => {
  it('[C-4 OPTIONS] come from the combination; what is left out is as the kernel ships', () => {
    expect(tapWith()).toBe('onlineRequest');
    expect(tapWith({})).toBe('onlineRequest');
    expect(tapWith({ unableToGoOnline: true })).toBe('declined');
  });

  it('[C-4 OPTIONS] are refused where the kernel has no such option', () => {
    const text = JSON.stringify([set({ approveEverything: true })]);
    expect(isConfigProblem(parseCombinationSets({ name: 'combinations.json', text }))).toBe(true);
  });
});

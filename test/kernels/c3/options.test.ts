import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { parseCombinationSets } from '#config/combinations-config.ts';
import { isConfigProblem } from '#config/problem.ts';
import { contactlessConfiguration } from '#contactless/configuration.ts';
import { builtInKernels } from '#contactless/kernels.ts';
import { transactionData } from '#contactless/transaction-data.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import { play } from '#test/support/scripted-card.ts';
import { answer, fciOf, onlineCard } from './support.ts';

const set = (kernel3?: object) => ({
  transactionTypes: ['00'],
  combinations: [{ aid: 'A0000000031010', kernelId: '03' }],
  ttq: '26004000',
  ...(kernel3 ? { kernel3 } : {}),
});

/** A whole tap, from a configuration file's text to the outcome. */
const tapWith = (kernel3?: object) => {
  const text = JSON.stringify([set(kernel3)]);
  const sets = parseCombinationSets({ name: 'combinations.json', text });
  if (isConfigProblem(sets)) throw new Error(JSON.stringify(sets));
  const reader = contactlessConfiguration({
    source: 'combinations.json',
    sets,
    terminal: new Map([[0x9f1a, hex('0840')]]),
    kernels: builtInKernels,
  });
  if (isConfigProblem(reader)) throw new Error(JSON.stringify(reader));
  const transaction = { type: 0, amountAuthorised: 1250, amountOther: 0, currency: 840 };
  const activation = {
    start: 'A',
    transaction,
    transactionData: transactionData(transaction, '260615120000', 1),
  } as const;
  const card = onlineCard({ '9F5D': '000000012345' });
  const { result } = play(activate(reader, newTransaction, activation), (command, index) => {
    if (index === 0) return answer(0x6f, { A5: 'BF0C0B6109 4F07A0000000031010' });
    return index === 1 ? Uint8Array.of(...fciOf(), 0x90, 0x00) : card(command, index - 2);
  });
  return result.outcome;
};

describe('the options of kernel 3', () => {
  it('[C-3 1.4-1] come from the combination; what is left out is as the kernel ships', () => {
    expect(tapWith()?.uiOnOutcome?.valueQualifier).toBe('balance');
    expect(tapWith({ fddaForOnline: true })?.uiOnOutcome?.valueQualifier).toBe('balance');
    expect(tapWith({ showOfflineBalance: false })?.uiOnOutcome?.valueQualifier).toBe('none');
  });

  it('[C-3 1.4-1] are refused where the kernel has no such option', () => {
    const text = JSON.stringify([set({ displayEverything: true })]);
    const sets = parseCombinationSets({ name: 'combinations.json', text });
    expect(isConfigProblem(sets)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { parseCombinationSets } from '#config/combinations-config.ts';
import { isConfigProblem } from '#config/problem.ts';
import { contactlessConfiguration } from '#contactless/configuration.ts';
import { builtInKernels } from '#contactless/kernels.ts';

const optionsOf = (kernelId: string, more: object) => {
  const set = {
    transactionTypes: ['00'],
    combinations: [{ aid: 'A000000333010101', kernelId }],
    ttq: '62004000',
    ...more,
  };
  const sets = parseCombinationSets({ name: 'combinations.json', text: JSON.stringify([set]) });
  if (isConfigProblem(sets)) return sets;
  const reader = contactlessConfiguration({
    source: 'combinations.json',
    sets,
    terminal: new Map(),
    kernels: builtInKernels,
  });
  if (isConfigProblem(reader)) throw new Error(reader.expected);
  return reader.combinations.get(0)?.[0]?.options;
};

describe('the options of kernels 6 and 7', () => {
  it('[C-7 TRANSIT-3] [C-6 TTQ-2] come from the combination, and are off unless it says so', () => {
    expect(optionsOf('07', {})).toBeUndefined();
    expect(optionsOf('07', { kernel7: { transitReader: true } })).toEqual({
      kernel7: { transitReader: true },
    });
    expect(optionsOf('06', { kernel6: { deferredAuthorisation: true } })).toEqual({
      kernel6: { deferredAuthorisation: true },
    });
  });

  it('are refused where the kernel has no such option', () => {
    expect(isConfigProblem(optionsOf('07', { kernel7: { gate: true } }))).toBe(true);
  });
});

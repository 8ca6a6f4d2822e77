import { describe, expect, it } from 'vitest';
import type { NexoResponse } from '#nexo/index.ts';
import { resultOf } from '#till/results.ts';

const answered = (Response: object) =>
  ({ category: 'Payment', body: { Response } }) as unknown as NexoResponse;

describe('how an answer went, in one word,', () => {
  it.each([
    [{ Result: 'Success' }, 'Success'],
    [{ Result: 'Partial', ErrorCondition: 'Refusal' }, 'Partial'],
    [{ Result: 'Failure', ErrorCondition: 'Refusal' }, 'Refusal'],
    [{ Result: 'Failure' }, 'Failure'],
  ])('of %j is %s', (response, word) => {
    expect(resultOf(answered(response))).toBe(word);
  });
});

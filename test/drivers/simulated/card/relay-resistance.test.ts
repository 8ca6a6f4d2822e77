import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import type { EmulatedCard } from '#drivers/simulated/index.ts';
import { answered, options, powered, selectApplication } from './hand-terminal.ts';

const ENTROPY = '80EA00000401020304';

const ask = (card: EmulatedCard, command: string) => toHex(answered(card, hex(command)));

const initiated = (name: string) => {
  const card = powered(name);
  options(card, selectApplication(card, 'A0000000041010'));
  return card;
};

describe('a card with relay resistance', () => {
  test('answers with new entropy each time, and its times', () => {
    const card = initiated('mastercard-near');
    const [first, second] = [ask(card, ENTROPY), ask(card, ENTROPY)];
    // Template 80: entropy (4), then minimum, maximum and transmission time.
    expect(first).toMatch(/^800A[0-9A-F]{8}0014006400189000$/);
    expect(second.slice(4, 12)).not.toBe(first.slice(4, 12));
  });

  test('lets itself be asked three times, as the book has it', () => {
    const card = initiated('mastercard-near');
    const answers = [1, 2, 3, 4].map(() => ask(card, ENTROPY).slice(-4));
    expect(answers).toEqual(['9000', '9000', '9000', '6985']);
  });

  test.each([
    ['80EA00000301020300', '6700', 'three bytes of entropy'],
    ['80EA01000401020304', '6A86', 'parameters it has not'],
    ['00EA00000401020304', '6E00', 'the class of files'],
  ])('answers %s with %s: %s', (command, expected) => {
    expect(ask(initiated('mastercard-near'), command)).toBe(expected);
  });

  test('waits for GET PROCESSING OPTIONS', () => {
    const card = powered('mastercard-near');
    expect(ask(card, ENTROPY)).toBe('6985');
    selectApplication(card, 'A0000000041010');
    expect(ask(card, ENTROPY)).toBe('6985');
  });

  test('is what another card has not', () => {
    expect(ask(initiated('mastercard-plastic-offline'), ENTROPY)).toBe('6D00');
  });

  test('is late when somebody extends it, and only with this command', () => {
    const card = initiated('mastercard-relayed');
    expect(card.delayMs(hex(ENTROPY))).toBe(60);
    expect(card.delayMs(hex('00B2010C00'))).toBe(0);
    expect(initiated('mastercard-near').delayMs(hex(ENTROPY))).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { why } from '#test/kernels/c3/support.ts';
import { tap, tvrOf } from './support.ts';

const BLOCK = '841E000008AABBCCDDEEFF0011';
const PUT_DATA = '04DA9F580501AABBCCDD';

const script = (template: string, ...commands: readonly string[]) => {
  const inside = commands.map((one) => `86${length(one)}${one}`).join('');
  return `${template}${length(inside)}${inside}`;
};

const length = (text: string): string => (text.length / 2).toString(16).padStart(2, '0');

/** Answers the commands in turn, then 9000. */
const deliver = (issuerData: string, ...answers: readonly string[]) =>
  tap((_, index) => hex(answers[index] ?? '9000'), { issuerData });

const allNone = {
  outcome: 'endApplication',
  start: 'none',
  cvm: 'none',
  uiOnOutcome: null,
  uiOnRestart: null,
  dataRecord: [],
};

describe('issuer update', () => {
  it.each(['71', '72'])('[C-6 IU-1] sends the commands of a template %s, in order', (template) => {
    const { commands, result } = deliver(script(template, PUT_DATA, BLOCK));
    expect(commands).toEqual([PUT_DATA, BLOCK]);
    expect(result).toMatchObject(allNone);
    expect(tvrOf(result)).toBe('8000000000');
  });

  it('[C-6 IU-2] sends one script only, and no authentication data', () => {
    const data = `91081122334455667788${script('72', BLOCK)}${script('71', PUT_DATA)}`;
    const { commands, result } = deliver(data);
    expect(commands).toEqual([BLOCK]);
    expect(why(result)).toContain('only the first issuer script');
  });

  it.each([
    ['6982', '8000000060'],
    ['6985', '8000000020'],
    ['6300', '8000000020'],
  ])('[C-6 IU-3] stops at a command that is answered with %s: TVR %s', (status, tvr) => {
    const { commands, result } = deliver(script('71', PUT_DATA, BLOCK, PUT_DATA), '9000', status);
    expect(commands).toEqual([PUT_DATA, BLOCK]);
    expect(result).toMatchObject(allNone);
    expect(tvrOf(result)).toBe(tvr);
  });

  it.each([
    ['issuer data that is no TLV', '71058603', '8000000000'],
    ['a script that is no TLV', '7103860500', '8000000020'],
    ['what is no command', script('71', '840000'), '8000000020'],
    ['no script', '91081122334455667788', '8000000000'],
  ])('[C-6 IU-4] sends nothing for %s', (_, data, tvr) => {
    const { commands, result } = deliver(data);
    expect(commands).toEqual([]);
    expect(result).toMatchObject(allNone);
    expect(tvrOf(result)).toBe(tvr);
  });

  it('[C-6 IU-5] ends with a word when the card goes away', () => {
    const { result } = tap(() => 'timeout', { issuerData: script('71', PUT_DATA) });
    expect(result).toMatchObject({ outcome: 'endApplication', uiOnOutcome: { messageId: '1C' } });
  });
});

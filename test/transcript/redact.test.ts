import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tlv } from '#test/support/lab-port.ts';
import { parseTranscript, printTranscript, redacted, type Transcript } from '#transcript/index.ts';

const parsed = (text: string): Transcript => {
  const transcript = parseTranscript(`config: base
clock: 2026-01-31T12:00:00Z
random: AB
transaction: type=00 amount=1 currency=0840
${text}`);
  if (isMalformed(transcript)) throw new Error(transcript.problem);
  return transcript;
};

const lines = (text: string): readonly string[] =>
  printTranscript(redacted(parsed(text)))
    .trimEnd()
    .split('\n')
    .slice(5);

describe('a redacted transcript', () => {
  test('keeps first six and last four digits, expiry and service code, at the same length', () => {
    const track2 = tlv('57', '4761739001010010D31122011234567890123F');
    const pan = tlv('5A', '4761739001010010');
    const masked = [
      tlv('57', '4761730000000010D31122010000000000000F'),
      tlv('5A', '4761730000000010'),
    ];
    expect(lines(`> 00B2010C00\n< ${tlv('70', track2, pan)}9000`)[1]).toBe(
      `< ${tlv('70', ...masked)}9000`,
    );
  });

  test("blanks the cardholder's name", () => {
    const name = tlv('5F20', '444F452F4A4F484E');
    expect(lines(`> 00B2010C00\n< ${tlv('70', name)}9000`)[1]).toBe(
      `< ${tlv('70', tlv('5F20', '0000000000000000'))}9000`,
    );
  });

  test('leaves everything else as it is', () => {
    const text = [
      '> 80A80000028300',
      `< ${tlv('77', tlv('82', '2000'), tlv('9F26', '1122334455667788'))}9000 @12us`,
      '> 00B2010C00',
      '! timeout',
      '= onlineRequest cvm=noCvm',
      '= 9F26 1122334455667788',
    ];
    expect(lines(text.join('\n'))).toEqual(text);
  });

  test('masks what was expected, and what the terminal sent back', () => {
    const pan = tlv('5A', '4761739001010010');
    const record = `> 00B2010C00\n< ${tlv('70', pan)}9000`;
    const sentBack = '> 80AE8000084761739001010010\n< 9000';
    const text = `${record}\n${sentBack}\n= 5A 4761739001010010`;
    expect(lines(text).join('\n')).not.toContain('4761739001010010');
    expect(lines(text).at(-1)).toBe('= 5A 4761730000000010');
  });

  test('finds the number in what the card asked for shorter or longer than it has it', () => {
    const track2 = tlv('57', '476173900100109D31122011234567890123');
    const record = `> 00B2010C00\n< ${tlv('70', track2)}9000`;
    const cut = '> 80AE80000B476173900100109D311220\n< 9000';
    const filled = '> 80AE80000A476173900100109FFFFF\n< 9000';
    const [, , first, , second] = lines(`${record}\n${cut}\n${filled}`);
    expect(first).toBe('> 80AE80000B476173000000109D311220');
    expect(second).toBe('> 80AE80000A476173000000109FFFFF');
  });

  test('keeps nothing of an element that nobody knows', () => {
    const unknown = tlv('DF7D', '4761739001010010');
    expect(lines(`> 00B2010C00\n< ${tlv('70', unknown)}9000`)[1]).toBe(
      `< ${tlv('70', tlv('DF7D', '0000000000000000'))}9000`,
    );
  });

  test('keeps of twelve digits the last four alone', () => {
    const pan = tlv('5A', '501812345678');
    expect(lines(`> 00B2010C00\n< ${tlv('70', pan)}9000`)[1]).toBe(
      `< ${tlv('70', tlv('5A', '000000005678'))}9000`,
    );
  });

  test('keeps nothing of an answer that is no TLV', () => {
    expect(lines('> 00B2010C00\n< 704761739001010010D3112F9000')[1]).toBe(
      '< 0000000000000000000000009000',
    );
  });

  test('is redacted once and for all', () => {
    const once = redacted(
      parsed(`> 00B2010C00\n< ${tlv('70', tlv('5A', '4761739001010010'))}9000`),
    );
    expect(redacted(once)).toEqual(once);
    expect(once.random).toEqual(hex('AB'));
  });
});

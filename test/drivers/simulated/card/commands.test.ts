import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { type EmulatedCard, listCards } from '#drivers/simulated/index.ts';
import { answered, options, powered, selectApplication, selectDirectory } from './hand-terminal.ts';

const statusOf = (card: EmulatedCard, command: string) =>
  toHex(answered(card, hex(command)).subarray(-2));

const SELECT_VISA = '00A4040007A000000003101000';
const SELECT_MASTERCARD = '00A4040007A000000004101000';

describe('a card', () => {
  test.each([
    ['00A40400', '6A82', 'SELECT without a name'],
    ['00A4040007A000000004101000', '6A82', 'SELECT of an application it has not'],
    ['00A4040207A000000003101000', '6A86', 'SELECT of the next one'],
    ['00A4000007A000000003101000', '6A86', 'SELECT by another way than by name'],
    ['00A4040009A0000000031010', '6700', 'a length longer than the data'],
    ['00A4040005A000000003101000', '6700', 'a length shorter than the data'],
    ['00A404', '6700', 'half a header'],
    ['', '6700', 'nothing at all'],
    ['80A4040007A000000003101000', '6E00', 'SELECT in the class of payment commands'],
    ['00A80000028300', '6E00', 'GET PROCESSING OPTIONS in the class of files'],
    ['90A80000028300', '6E00', 'a class it has not'],
    ['0020008008', '6D00', 'VERIFY, which it has not'],
    ['80A8000002830000', '6985', 'GET PROCESSING OPTIONS before SELECT'],
    ['00B2011C00', '6985', 'READ RECORD before SELECT'],
    ['80AE800000', '6985', 'GENERATE AC before SELECT'],
  ])('answers %s with %s: %s', (command, expected) => {
    expect(statusOf(powered('visa-phone'), command)).toBe(expected);
  });

  test.each([
    ['80A8000002830000', '6700', 'too little for its PDOL'],
    [`80A800003A8338${'00'.repeat(56)}00`, '6700', 'too much for its PDOL'],
    ['80A800000200000000', '6700', 'a length that does not fit'],
    ['80A8000002770000', '6A80', 'another template than 83'],
    ['80A8000003830000', '6A80', 'a template shorter than the data'],
    ['80A8000003830500', '6A80', 'a template longer than the data'],
    ['80A8010002830000', '6A86', 'parameters it has not'],
    ['00B2011C00', '6985', 'READ RECORD before GET PROCESSING OPTIONS'],
  ])('answers %s after SELECT with %s: %s', (command, expected) => {
    const card = powered('visa-phone');
    expect(statusOf(card, SELECT_VISA)).toBe('9000');
    expect(statusOf(card, command)).toBe(expected);
  });

  test('gives its processing options once after each SELECT', () => {
    const card = powered('visa-phone');
    const fci = selectApplication(card, 'A0000000031010');
    expect(options(card, fci).sw).toBe('9000');
    expect(options(card, fci).sw).toBe('6985');
    expect(options(card, selectApplication(card, 'A0000000031010')).sw).toBe('9000');
  });

  test('tells a record it has not from a wrong question', () => {
    const card = powered('visa-phone');
    options(card, selectApplication(card, 'A0000000031010'));
    expect(statusOf(card, '00B2011C00')).toBe('9000');
    expect(statusOf(card, '00B2021C00')).toBe('6A83');
    expect(statusOf(card, '00B2012400')).toBe('6A83');
    expect(statusOf(card, '00B2011D00')).toBe('6A86');
    // A card for kernel 3 has said all it has to say.
    expect(statusOf(card, '80AE800000')).toBe('6D00');
  });

  test('checks the length and the type that GENERATE AC comes with', () => {
    const card = powered('mastercard-phone');
    options(card, selectApplication(card, 'A0000000041010'));
    expect(statusOf(card, '80AE8000050000000000')).toBe('6700');
    expect(statusOf(card, '80AEC00000')).toBe('6A86');
  });

  test('forgets what was selected when a name is not its own, and when power goes', () => {
    const card = powered('mastercard-phone');
    expect(statusOf(card, SELECT_MASTERCARD)).toBe('9000');
    expect(statusOf(card, SELECT_VISA)).toBe('6A82');
    expect(statusOf(card, '80A800000D830B000000000000000000000000')).toBe('6985');
    expect(statusOf(card, SELECT_MASTERCARD)).toBe('9000');
    card.powerOff();
    expect(card.respond(hex(SELECT_MASTERCARD))).toHaveLength(0);
    card.powerOn();
    expect(statusOf(card, '80A800000D830B000000000000000000000000')).toBe('6985');
  });

  test('never throws and always ends with a status word, whatever it is sent', () => {
    const anyCommand = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(
          fc.constantFrom(0x00, 0x80),
          fc.constantFrom(0xa4, 0xa8, 0xb2, 0xae, 0xea),
          fc.uint8Array({ maxLength: 80 }),
        )
        .map(([cla, ins, rest]) => Uint8Array.from([cla, ins, ...rest])),
      fc.constantFrom(hex(SELECT_VISA), hex(SELECT_MASTERCARD), hex('00B2011400')),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...listCards()),
        fc.array(anyCommand, { maxLength: 12 }),
        (name, commands) => {
          const card = powered(name);
          selectDirectory(card);
          for (const command of commands) {
            const answer = card.respond(command);
            if (typeof answer !== 'string') expect(answer.length).toBeGreaterThanOrEqual(2);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

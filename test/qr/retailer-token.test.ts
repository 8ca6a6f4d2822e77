import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import {
  checkCharacter,
  isRetailerToken,
  isTypedToken,
  retailerToken,
  typedToken,
} from '#qr/index.ts';
import { luhnDigit } from '#qr/retailer-token.ts';

const TOKEN = retailerToken(hex('000102030405060708090A0B0C0D0E0F'));
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a token of the retailer’s wallet', () => {
  it('is the prefix, 128 bits in base64url, and a check character', () => {
    expect(TOKEN).toBe('rw1.AAECAwQFBgcICQoLDA0ODwK');
    expect(isRetailerToken(TOKEN)).toBe(true);
    expect(checkCharacter('AAECAwQFBgcICQoLDA0ODw')).toBe('K');
  });

  it('is known to be misread whichever character is another', () => {
    for (let at = 4; at < TOKEN.length; at++) {
      for (const other of ALPHABET) {
        if (other === TOKEN[at]) continue;
        expect(isRetailerToken(TOKEN.slice(0, at) + other + TOKEN.slice(at + 1))).toBe(false);
      }
    }
  });

  it('is known to be misread when neighbours are swapped, but for few pairs', () => {
    const unseen = [...ALPHABET].flatMap((a) =>
      [...ALPHABET].filter((b) => {
        const [right, swapped] = [`${a}${b}cdefghijklmnopqrstuv`, `${b}${a}cdefghijklmnopqrstuv`];
        return a !== b && checkCharacter(right) === checkCharacter(swapped);
      }),
    );
    expect(unseen.length / (64 * 63)).toBeLessThan(0.02);
  });

  it.each([
    ['shorter', TOKEN.slice(0, -1)],
    ['longer', `${TOKEN}A`],
    ['of another wallet', TOKEN.replace('rw1.', 'rw2.')],
    ['with the characters of Base64', TOKEN.replace('E', '+')],
    ['followed by a line end', `${TOKEN}\n`],
  ])('is not one when it is %s', (_, text) => {
    expect(isRetailerToken(text)).toBe(false);
  });
});

describe('a typed token of the retailer’s wallet', () => {
  it('is 9, ten digits and Luhn’s digit', () => {
    expect(typedToken('1234567890')).toBe('912345678904');
    expect(isTypedToken('912345678904')).toBe(true);
  });

  // The number that texts on Luhn's method reckon with.
  it('ends with Luhn’s digit', () => expect(luhnDigit('7992739871')).toBe('3'));

  it.each([
    ['912345678903'],
    ['91234567890'],
    ['9123456789030'],
    ['812345678903'],
    ['91234567890x'],
  ])('is not %s', (text) => {
    expect(isTypedToken(text)).toBe(false);
  });
});

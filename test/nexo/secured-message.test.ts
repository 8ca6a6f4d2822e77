import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import {
  createKeyRing,
  deriveKey,
  type KeyRing,
  looksSecured,
  type Opened,
  openSecured,
  type SharedKey,
  seal,
} from '#nexo/index.ts';
import { abort } from './examples.ts';

// Made with @adyen/api-library 32.1.0: NexoDerivedKeyGenerator.deriveKeyMaterial for the keys;
// NexoCrypto.encrypt(header, JSON.stringify(abort), securityKey) for the messages, with Node's
// crypto.randomBytes replaced by a function that gives the nonce.
const vectors = {
  hmacKey: 'E04E60FDA87723F945AA017D515073FC4362C8E90423F0CEDC976F85BFB139A8',
  cipherKey: '8D8F3540B6F65342E8C2058352B2C85E4E4A3B5AB6B5B5A909A2E74A2EFE0F3C',
  iv: '07313888D00A05A77FB1C87E387E5CAB',
  hmac: 'RssPlg0UFfK4rQB/MeHJDiMn4Jei8Zf1oqr1AQThauE=',
  messages: [
    {
      nonce: '000102030405060708090A0B0C0D0E0F',
      blob: [
        'PPHHEby9WwzAEEqkxpAMx7CwzY8AfUlfLixEHAH4Zn1cMHU/FbaW7gyLA6sSxWIJNGJd86fuVL4nrgIY',
        'MEnO1r5UpHjM3RrKgcP9kxvIWL/0HwVpFPqninUPY1CQQMKnwNPyUZ5GLRshzfkXxB43GufSx88k8Jou',
        'L59Gf0ttyMvKrRR99q/117SyrVZOPhdFHaizhLJoDmkMwT6nwNAjVdDzYhOaiImib/WubDeJEt12xxKA',
        'JBtfBsxvDgy3jrQrspUoTnntG4BY7RMGsX7VPi7vP7VHA8NltEGLq5vb4UVGB0VIfYNdmo4R1y/IvGrq',
        'c77fKsPB9h84oLC1O8PcQ3WnEVedGVKEUHCe7vU/PqcKJqHOIm8W5iUW2k5yTTB7/OyNX35+sPbWNXDn',
        'B4yozDo380XzCR5WNJarG8exFl1F8vT6MAlVFAaIW1eac9p3y9cdv5UiIX82hdOsF6ZZlpRMZvyWE1+9',
        '2ttqMSyEYME=',
      ],
    },
    {
      nonce: 'FFEEDDCCBBAA99887766554433221100',
      blob: [
        'KUdulWYr3U0tTw53l9PwXR0svdgSR5A/HDKOepQJVSbue4wGfjwdn2dd0cqok8+yXapUEmvRXBFcCYTn',
        'qH3azU3TgdlaB4ijDPHaBo1BQ4cqjNu0BUuMv012JYIfK3gm5PKGETWSvL1KMb9c7ebQuNGoAeh7KJf4',
        '6M5Xwr9bcwGXeSnHGq5RkuQDlufqn3tSR/kyPiX/9WLbvV5wgZKPvWqIIQ7q2Jo/7SiLc2tHIRO+tyWF',
        'Iq1NTJf0eEZmAxXu6u0yDR9rb8z+pQ8M8VWp4h0UMF6204qYhCY4syHIdhKgruhNijHWE22j8AP49g5y',
        '9bFBDGjdTowAPf1TY74n0mpaaZMBGuEiESbL/irVpL4UxlMsFqa8I0/rYJzJtyW3wBCOVRvXyb/j7HcY',
        'Lv8i2mFCoWjX4Zhljcse4NlyU4AArGWuLBFD2ZdY3VsiXPvA3g4DdZgu/s2NTwIIRaWhzOe5zVxRrWv9',
        '2pfJZ1TYjCE=',
      ],
    },
  ],
} as const;

const header = abort.SaleToPOIRequest.MessageHeader;
const message = JSON.stringify(abort);

const key: SharedKey = {
  identifier: 'mykey',
  version: 1,
  cryptoVersion: 1,
  passphrase: 'mySupersecretPassphrase',
};

const ringOf = (keys: readonly SharedKey[], before?: KeyRing): KeyRing => {
  const ring = createKeyRing(keys, before);
  if (isMalformed(ring)) throw new Error(ring.problem);
  return ring;
};

const ring = ringOf([key]);

const sealed = (nonce: string = vectors.messages[0].nonce, text = message, ofRing = ring) =>
  JSON.parse(seal('SaleToPOIRequest', header, text, ofRing.current, hex(nonce)));

const textOf = (opened: Opened): string => new TextDecoder().decode(opened.plaintext);

describe('a key', () => {
  it('is derived as the library of Adyen derives it', () => {
    const { hmacKey, cipherKey, iv } = deriveKey(key.passphrase);
    expect([hmacKey, cipherKey, iv].map(toHex)).toEqual([
      vectors.hmacKey,
      vectors.cipherKey,
      vectors.iv,
    ]);
  });

  it('that follows another one is valid beside it, and what was derived stays', () => {
    const next = { ...key, version: 2, passphrase: 'another one' };
    const both = ringOf([key, next], ring);
    const old = openSecured(sealed(), both);
    expect(old).toMatchObject({ key: { version: 1 } });
    expect(openSecured(sealed(undefined, message, both), both)).toMatchObject({
      key: { version: 2 },
    });
    const name = { KeyIdentifier: 'mykey', KeyVersion: 1 };
    expect(both.find(name)?.derived).toBe(ring.find(name)?.derived);
    expect(openSecured(sealed(undefined, message, both), ring)).toMatchObject({
      problem: 'no such key',
    });
  });

  it.each([
    ['twice the same name', [key, { ...key, passphrase: 'other' }], 'two keys'],
    ['no key', [], 'there is no key'],
    ['a passphrase that libraries disagree about', [{ ...key, passphrase: 'schlüssel' }], 'ASCII'],
    ['an empty passphrase', [{ ...key, passphrase: '' }], 'ASCII'],
  ])('is refused: %s', (_, keys, said) => {
    const refused = createKeyRing(keys);
    expect(refused).toMatchObject({ malformed: true, problem: expect.stringContaining(said) });
    expect(JSON.stringify(refused)).not.toContain('schl');
  });
});

describe('an encrypted message', () => {
  it.each(vectors.messages)('is as the library of Adyen makes it: $nonce', ({ nonce, blob }) => {
    const secured = sealed(nonce);
    expect(secured.SaleToPOIRequest).toEqual({
      MessageHeader: header,
      NexoBlob: blob.join(''),
      SecurityTrailer: {
        AdyenCryptoVersion: 1,
        Hmac: vectors.hmac,
        KeyIdentifier: 'mykey',
        KeyVersion: 1,
        Nonce: Buffer.from(hex(nonce)).toString('base64'),
      },
    });
    expect(looksSecured(secured)).toBe(true);
    expect(openSecured(secured, ring)).toMatchObject({ key });
    expect(textOf(openSecured(secured, ring) as Opened)).toBe(message);
  });

  it('opens as what it was, whatever it was and however long', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 70 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (text, nonce) => {
          const opened = openSecured(sealed(toHex(nonce), text), ring);
          expect(textOf(opened as Opened)).toBe(text.toWellFormed());
        },
      ),
    );
  });

  it('says that it is none when nothing is encrypted', () => {
    expect(looksSecured(abort)).toBe(false);
    expect(looksSecured(null)).toBe(false);
    expect(openSecured(abort, ring)).toMatchObject({ problem: 'Missing' });
  });
});

describe('a message that is not what the till has sent', () => {
  const NOT_AUTHENTIC = {
    malformed: true,
    path: ['SaleToPOIRequest', 'NexoBlob'],
    offset: 0,
    problem: 'not authentic',
  };

  const flipped = (base64: string, at: number): string => {
    const bytes = Buffer.from(base64, 'base64');
    bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1;
    return bytes.toString('base64');
  };

  it('is refused with the same words wherever a bit of blob, nonce or HMAC is wrong', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('NexoBlob', 'Nonce', 'Hmac'), (at, where) => {
        const { SaleToPOIRequest: inner } = sealed();
        const { SecurityTrailer: trailer, NexoBlob } = inner;
        const damaged =
          where === 'NexoBlob'
            ? { ...inner, NexoBlob: flipped(NexoBlob, at) }
            : { ...inner, SecurityTrailer: { ...trailer, [where]: flipped(trailer[where], at) } };
        expect(openSecured({ SaleToPOIRequest: damaged }, ring)).toEqual(NOT_AUTHENTIC);
      }),
    );
  });

  it.each([
    ['another passphrase', (inner: Secured) => inner, ringOf([{ ...key, passphrase: 'wrong' }])],
    ['a blob cut off between blocks', (inner: Secured) => cut(inner, 64), ring],
    ['a blob cut off inside a block', (inner: Secured) => cut(inner, 40), ring],
    ['a nonce too short', (inner: Secured) => trailed(inner, { Nonce: 'AAEC' }), ring],
    ['an HMAC too short', (inner: Secured) => trailed(inner, { Hmac: 'RssP' }), ring],
  ])('is refused with the same words: %s', (_, change, ofRing) => {
    const json = { SaleToPOIRequest: change(sealed().SaleToPOIRequest) };
    expect(openSecured(json, ofRing)).toEqual(NOT_AUTHENTIC);
  });

  it('is refused when its padding is wrong and its HMAC fits nothing, with the same words', () => {
    // The last block alone decides on the padding: any other one in its place.
    const inner: Secured = sealed().SaleToPOIRequest;
    const blob = Buffer.from(inner.NexoBlob, 'base64');
    blob.copyWithin(blob.length - 16, 0, 16);
    const json = { SaleToPOIRequest: { ...inner, NexoBlob: blob.toString('base64') } };
    expect(openSecured(json, ring)).toEqual(NOT_AUTHENTIC);
  });

  interface Secured {
    readonly NexoBlob: string;
    readonly SecurityTrailer: Readonly<Record<string, unknown>>;
  }

  const cut = (inner: Secured, bytes: number): Secured => ({
    ...inner,
    NexoBlob: Buffer.from(inner.NexoBlob, 'base64').subarray(0, bytes).toString('base64'),
  });

  const trailed = (inner: Secured, change: object): Secured => ({
    ...inner,
    SecurityTrailer: { ...inner.SecurityTrailer, ...change },
  });
});

import { describe, expect, it } from 'vitest';
import { fromHex, hex, toHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { fromBase64, toBase64 } from '#qr/base64.ts';
import {
  type ConsumerCode,
  chooseApplication,
  consumerAccount,
  consumerIccData,
  consumerLines,
  decodeConsumerCode,
  encodeConsumerCode,
  hasCryptogram,
} from '#qr/index.ts';
import { CONSUMER_CODE, NAME_TWICE, TWO_APPLICATIONS } from './samples.ts';

const decoded = (text: string): ConsumerCode => {
  const code = decodeConsumerCode(text);
  if (isMalformed(code)) throw new Error(describeMalformed(code));
  return code;
};

const ofHex = (digits: string): string => toBase64(fromHex(digits) ?? new Uint8Array());

const refusal = (text: string): string => {
  const code = decodeConsumerCode(text);
  return isMalformed(code) ? describeMalformed(code) : 'it was not refused';
};

const chosen = (text: string, ...aids: string[]) => {
  const application = chooseApplication(decoded(text), aids.map(hex));
  if (application === undefined) throw new Error('no application is supported');
  return application;
};

describe('a shopper’s code', () => {
  it('is the same after decoding and encoding', () => {
    expect(encodeConsumerCode(decoded(CONSUMER_CODE).objects)).toBe(CONSUMER_CODE);
    const two = ofHex(TWO_APPLICATIONS);
    expect(encodeConsumerCode(decoded(two).objects)).toBe(two);
  });

  it('is read without its padding, too', () => {
    expect(decoded(CONSUMER_CODE.replace('=', ''))).toEqual(decoded(CONSUMER_CODE));
  });

  it('offers applications in the shopper’s order, and the first supported one is taken', () => {
    const text = ofHex(TWO_APPLICATIONS);
    const names = decoded(text).applications.map(({ aid }) => toHex(aid));
    expect(names).toEqual(['A0000000555555', 'A0000000666666']);
    expect(toHex(chosen(text, 'A0000000666666', 'A0000000555555').aid)).toBe(names[0]);
    expect(toHex(chosen(text, 'A0000000666666').aid)).toBe(names[1]);
    expect(chooseApplication(decoded(text), [hex('A000000003')])).toBeUndefined();
    expect(chooseApplication(decoded(text), [])).toBeUndefined();
  });

  it('is taken by the beginning of an AID, as a card is', () => {
    expect(toHex(chosen(CONSUMER_CODE, 'A000000333').aid)).toBe('A000000333010102');
    const longer = [hex('A00000033301010203')];
    expect(chooseApplication(decoded(CONSUMER_CODE), longer)).toBeUndefined();
  });

  it('gives DE 55 what its templates hold, account data aside', () => {
    const application = chosen(CONSUMER_CODE, 'A000000333');
    expect(toHex(consumerIccData(application))).toBe(
      '4F08A0000003330101025F3401009F2608568AD7BCE66B718B9F2701809F101107000103A000000108303030' +
        '30303030319F36021122820200009F37042260488E',
    );
    expect(hasCryptogram(application)).toBe(true);
  });

  it('gives DE 55 the common templates’ data, for whichever application', () => {
    const application = chosen(ofHex(TWO_APPLICATIONS), 'A0000000666666');
    expect(toHex(consumerIccData(application))).toBe(
      '4F07A0000000666666500850726F64756374325F2D08727565736465656E9F100706010A030000009F260858' +
        '4FD385FA234BCC9F360200019F37046D58EF13',
    );
  });

  it('names the account for the fields that hold it', () => {
    expect(consumerAccount(chosen(CONSUMER_CODE, 'A000000333'))).toEqual({
      pan: '6263600100713672',
      expiry: '2312',
      track2: '6263600100713672D23122010000018801',
      panSequence: 0,
    });
    const plain = consumerAccount(chosen(ofHex(TWO_APPLICATIONS), 'A0000000555555'));
    expect(plain).toMatchObject({ pan: '1234567890123458', track2: undefined, expiry: undefined });
    const data = new Map([[tag.adfNameDirectoryAid, hex('A0000000555555')]]);
    expect(consumerAccount({ aid: hex('A0000000555555'), data })).toBeUndefined();
  });

  it('shows people neither account number nor name', () => {
    const text = JSON.stringify(consumerLines(decoded(ofHex(TWO_APPLICATIONS)).objects));
    expect(text).toContain('"123456******3458"');
    expect(text).not.toContain('1234567890123458');
    // "CARDHOLDER" in 5F20.
    expect(text).not.toContain('43415244484F4C444552');
    const track = JSON.stringify(consumerLines(decoded(CONSUMER_CODE).objects));
    expect(track).not.toContain('6263600100713672');
    expect(track).toContain('Application Cryptogram');
  });
});

describe('a shopper’s code is refused', () => {
  const FORMAT = '85054350563031';
  const APPLICATION = '61094F07A0000000031010';

  it.each([
    ['when it is empty', '', '85 at 0: must come first'],
    ['when it doesn’t begin with 85', APPLICATION + FORMAT, '85 at 0: must come first'],
    ['of version 02', `85054350563032${APPLICATION}`, '85 at 2: is not CPV01'],
    ['without an application', FORMAT, '61 at 7: is missing'],
    [
      'with an object that runs past its template',
      `${FORMAT}61035F3402`,
      '61 › 5F34 at 9: length 2',
    ],
    ['with an application that has no AID', `${FORMAT}61045F340100`, '61 › 4F at 9: is missing'],
    [
      'with an AID that stands in the common template alone',
      `${FORMAT}61045F34010062094F07A0000000031010`,
      '61 › 4F at 9: is missing',
    ],
    ['with an AID of 4 bytes', `${FORMAT}61064F04A0000000`, '61 › 4F at 9: 4 bytes'],
    [
      'with a length that runs past its template',
      `${FORMAT}61094F07A00000000310105F34`,
      '5F34 at 18: length is missing',
    ],
    [
      'with an object in 63 that runs past it',
      `${FORMAT}610F4F07A000000003101063049F26085A`,
      '61 › 63 › 9F26 at 20: length 8 runs past the end: only 1 left',
    ],
    [
      'with a tag twice in one application',
      `${FORMAT}610F4F07A0000000031010820100820100`,
      '61 › 82 at 21: stands twice',
    ],
    [
      'with a tag in an application and in its 63',
      `${FORMAT}61114F07A00000000310108201006303820100`,
      '61 › 63 › 82 at 23: stands twice',
    ],
    ['with two common templates', `${FORMAT}${APPLICATION}62006200`, '62 at 20: stands twice'],
  ])('%s', (_, digits, why) => {
    expect(refusal(ofHex(digits))).toContain(why);
  });

  it('with a name in the application and another common to all', () => {
    expect(refusal(NAME_TWICE)).toBe('62 › 5F20 at 76: stands twice');
  });

  it.each([
    ['with a character that Base64 does not have', 'hQVDUFYw*WEJ', 'Base64 at 8: a character'],
    ['with one of base64url', 'hQVDUFYw_WEJ', 'Base64 at 8: a character'],
    ['that breaks off inside a byte', 'hQVDUFYwM', 'Base64 at 9: ends inside a byte'],
    ['with bits left over', 'hQVDUFYwMX', 'Base64 at 9: bits after the last byte'],
    ['with padding of a wrong length', 'hQVDUFYwMQ=', 'Base64 at 10: padding of a wrong length'],
    ['of 513 characters', 'h'.repeat(513), 'at most 512'],
  ])('%s', (_, text, why) => {
    expect(refusal(text)).toContain(why);
  });

  it('when it is to be made of objects that break its rules', () => {
    const format = { tag: tag.cpmPayloadFormatIndicator, value: hex('4350563031') };
    expect(isMalformed(encodeConsumerCode([format]))).toBe(true);
    expect(isMalformed(encodeConsumerCode([]))).toBe(true);
  });
});

describe('Base64', () => {
  // RFC 4648 §10.
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('of "%s" is "%s"', (plain, text) => {
    const bytes = new TextEncoder().encode(plain);
    expect(toBase64(bytes)).toBe(text);
    expect(fromBase64(text)).toEqual(bytes);
    expect(fromBase64(text.replace(/=+$/, ''))).toEqual(bytes);
  });
});

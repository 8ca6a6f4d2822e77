import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { describeMalformed, malformed } from '#bytes/malformed.ts';
import { type Book, element, tag } from '#data/dictionary.ts';
import {
  type Explanation,
  explainStatusWord,
  explainTag,
  explainTlvs,
  explainValue,
  firstMalformed,
} from '#data/explain/index.ts';
import { encodeTlv } from '#tlv/tlv.ts';

describe('a tag with several meanings', () => {
  it('has them all, those that the length fits first', () => {
    const found = explainValue(tag.formFactorIndicator, hex('23820000'));
    const titles = [found, ...found.alternatives].map(({ title }) => title);
    expect(titles.slice(0, 3)).toEqual([
      'Form Factor Indicator',
      'Enhanced Contactless Reader Capabilities',
      'Device Information',
    ]);
    expect(titles).toHaveLength(5);
  });

  it('has one where a kernel is named', () => {
    const found = explainValue(tag.formFactorIndicator, hex('23820000'), { book: 'K5' });
    expect(found.title).toBe('Device Information');
    expect(found.alternatives).toEqual([]);
  });

  it('has them all, with a remark, where the kernel named knows none', () => {
    const found = explainValue(tag.cardTransactionQualifiers, hex('0080'), { book: 'K2' });
    expect(found.title).toBe('Card Transaction Qualifiers');
    expect(found.remarks).toContain('not an element of kernel 2');
  });
});

describe('a tag without a value', () => {
  it('tells what it is and all that its bits can say', () => {
    const found = explainTag(tag.cardTransactionQualifiers, { book: 'K3' });
    expect(found.facts).toEqual({ source: 'card', format: 'b, 2 bytes', books: 'kernels 3, 7' });
    expect(found.details).toHaveLength(10);
  });

  it('that nobody knows has no name', () => {
    expect(explainTag(0xdf99)).toMatchObject({ tag: 'DF99', title: null, facts: null });
  });
});

describe('a status word', () => {
  it.each([
    [0x9000, 'normal end'],
    [0x6a82, 'file or application not found'],
    [0x63c2, 'verification failed, 2 tries left'],
    [0x6c1f, 'wrong Le: 31 bytes would be right'],
    [0x6110, '16 bytes more to fetch with GET RESPONSE'],
    [0x6fff, 'an error that is not assigned'],
  ])('%i: %s', (sw, meaning) => {
    expect(explainStatusWord(sw).meaning).toBe(meaning);
  });

  it('says what kernel 3 does', () => {
    expect(linesOf(explainStatusWord(0x6986, 'K3'))).toEqual([
      'kernel 3 after GET PROCESSING OPTIONS: Try Again, See phone',
    ]);
  });

  it('at the end of an answer is no object', () => {
    const { objects, malformed: problem } = explainTlvs(hex('77039F36009000'));
    expect(problem).toBeNull();
    expect(objects.map(({ tag: name }) => name)).toEqual(['77', 'SW']);
  });
});

describe('what is malformed', () => {
  it('is reported with its path and offset, after all that stood before it', () => {
    const { objects, malformed: problem } = explainTlvs(hex('770A 8202 1980 9404 0801 0100 9F36'));
    expect(objects[0]?.objects.map(({ tag: name }) => name)).toEqual(['82', '94']);
    expect(problem).toEqual(malformed(['9F36'], 12, 'length is missing'));
  });

  it('inside a template does not hide what follows the template', () => {
    const { objects, malformed: problem } = explainTlvs(hex('7006 8202 0080 9404 9A03261121'));
    expect(problem).toBeNull();
    expect(objects.map(({ tag: name }) => name)).toEqual(['70', '9A']);
    expect(firstMalformed(objects[0] ?? explainTag(0))).toMatchObject({
      path: ['70', '94'],
      offset: 6,
    });
  });

  it('in a template cut off still shows what the template holds', () => {
    const { objects, malformed: problem } = explainTlvs(hex('7708 8202 0080 9404 08'));
    expect(objects[0]?.objects.map(({ tag: name }) => name)).toEqual(['82']);
    expect(
      describeMalformed(firstMalformed(objects[0] ?? explainTag(0)) ?? malformed([], 0, '')),
    ).toBe('77 › 94 at 6: length 4 runs past the end: only 1 left');
    expect(problem).toMatchObject({ path: ['77'], offset: 0 });
  });

  it('in a list inside an element counts from the first byte of all', () => {
    const { objects } = explainTlvs(hex('7708 9F3805 9F6604 9F02'));
    expect(firstMalformed(objects[0] ?? explainTag(0))).toMatchObject({
      path: ['77', '9F38', '9F02'],
      offset: 8,
    });
  });

  it('in one meaning of a tag does not count while another fits', () => {
    const found = explainValue(tag.cardAuthenticationRelatedDataK3, hex('0111223344' + '0080'));
    expect(found.alternatives.length).toBeGreaterThan(0);
    expect(firstMalformed(found)).toBeNull();
  });

  it('nested by the thousand ends with a word', () => {
    let bytes = hex('');
    for (let depth = 0; depth < 3000; depth++) bytes = encodeTlv(0x70, bytes);
    const { objects } = explainTlvs(bytes);
    expect(firstMalformed(objects[0] ?? explainTag(0))?.problem).toBe(
      'templates nested too deeply',
    );
  });

  it('never makes it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), anyBook, (bytes, book) => {
        expect(explainTlvs(bytes, { book }).objects).toBeInstanceOf(Array);
      }),
      { numRuns: 1000 },
    );
  });

  it('cut anywhere keeps its head (each element, each length)', () => {
    for (const name of [
      'cvmList',
      'issuerApplicationData',
      'cdol1',
      'thirdPartyData',
      'applicationFileLocator',
      'kernelIdentifier',
      'phoneMessageTable',
      'responseMessageTemplateFormat1',
    ] as const) {
      const value = hex('1F220134A40000020000000000000000000000000000000000000000000000AA');
      for (let length = 0; length <= value.length; length++) {
        const found = explainValue(element(name).tag, value.subarray(0, length));
        expect(found.length).toBe(length);
      }
    }
  });
});

describe('account data', () => {
  it('is masked in everything that is said of it', () => {
    const said = JSON.stringify(explainTlvs(accountRecord()));
    expect(said).toContain('476173******0119');
    for (const secret of ['4761739001010119', '123456789', 'SAMPLE', toHex(NAME)]) {
      expect(said).not.toContain(secret);
    }
  });

  it('is shown to who asks for it, but never a PIN', () => {
    const said = JSON.stringify(explainTlvs(accountRecord(), { showAccountData: true }));
    for (const secret of ['4761739001010119', '123456789', 'SAMPLE'])
      expect(said).toContain(secret);
    const pin = explainValue(tag.transactionPinData, hex('241234FFFFFFFFFF'), {
      showAccountData: true,
    });
    expect(JSON.stringify(pin)).not.toContain('1234');
  });

  it('never comes out, whatever the digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{15}$/), anyBook, (pan, book) => {
        const bytes = encodeTlv(
          tag.readRecordResponseTemplate,
          encodeTlv(tag.applicationPan, hex(pan)),
          encodeTlv(tag.track2EquivalentData, hex(`${pan}D311220112345678900F`)),
          encodeTlv(tag.track1Data, new TextEncoder().encode(`B${pan}^SAMPLE/ANN^3112201`)),
          encodeTlv(0xdf99, hex(pan)),
          encodeTlv(tag.dsId, hex(pan)),
        );
        const said = JSON.stringify(explainTlvs(bytes, { book }));
        expect(said).not.toContain(pan);
        expect(said).not.toContain('SAMPLE');
      }),
    );
  });
});

const NAME = new TextEncoder().encode('SAMPLE/ANN');
const accountRecord = () =>
  encodeTlv(
    tag.readRecordResponseTemplate,
    encodeTlv(tag.applicationPan, hex('4761739001010119')),
    encodeTlv(tag.track2EquivalentData, hex('4761739001010119D31122011234567890')),
    encodeTlv(tag.cardholderName, NAME),
    encodeTlv(
      tag.track1Data,
      new TextEncoder().encode('B4761739001010119^SAMPLE/ANN^3112201123456789'),
    ),
  );

const anyBook = fc.constantFrom<(Book | undefined)[]>(undefined, 'K2', 'K3', 'K4', 'K8');

const linesOf = ({ details }: Explanation): string[] =>
  details.filter(({ set }) => set !== false).map(({ where, text }) => `${where} ${text}`);

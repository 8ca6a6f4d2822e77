import { describe, expect, it } from 'vitest';
import { newKeys, type SignedStory, signingCard, trusting } from './signing-card.ts';
import { fciOf, type How, type Objects, plainTap, tap } from './support.ts';

const [AAC, TC, ARQC] = ['00', '40', '80'];

/** No action code says anything. */
const NONE = { DF8120: '0000000000', DF8121: '0000000000', DF8122: '0000000000' };
// The floor limit is exceeded: TVR byte 4 bit 8; without CDA byte 1 bit 8.
const FLOOR = { DF8123: '000000000000' };
const FLOOR_BIT = '0000008000';

const asked = (terminal: Objects, record: Objects = {}) =>
  plainTap({ record }, { terminal: { ...NONE, ...FLOOR, ...terminal } }).generate?.p1;

describe('the terminal asks for a cryptogram (TAA)', () => {
  it('[C-2 TAA offline] that approves, when nothing speaks against it', () => {
    expect(asked({})).toBe(TC);
  });

  it('[C-2 TAA denial] that declines, for what either denial code names', () => {
    expect(asked({ DF8121: FLOOR_BIT })).toBe(AAC);
    expect(asked({}, { '9F0E': FLOOR_BIT })).toBe(AAC);
    expect(asked({ DF8121: FLOOR_BIT, DF8122: FLOOR_BIT, '9F35': '21' })).toBe(AAC);
    expect(asked({}, { '9F0E': undefined })).toBe(TC);
  });

  it('[C-2 TAA online only] that goes online, at a terminal that always does', () => {
    for (const type of ['11', '21', '14', '24', '34']) {
      expect([type, asked({ '9F35': type })]).toEqual([type, ARQC]);
    }
    for (const type of ['12', '22', '15', '25', '35']) {
      expect([type, asked({ '9F35': type })]).toEqual([type, TC]);
    }
  });

  it('[C-2 TAA online] that goes online, for what either online code names', () => {
    expect(asked({ DF8122: FLOOR_BIT })).toBe(ARQC);
    expect(asked({}, { '9F0F': FLOOR_BIT })).toBe(ARQC);
    expect(asked({}, { '9F0D': FLOOR_BIT })).toBe(TC);
  });

  it('[C-2 TAA no IAC] for anything, if the issuer has no code; relay resistance aside', () => {
    expect(asked({}, { '9F0F': undefined })).toBe(ARQC);
    // All that stands is the status of relay resistance, which the code FFFFFFFFFC leaves out.
    const keys = newKeys(128, 96, 96);
    const how = {
      authentication: trusting(keys),
      terminal: { ...NONE, DF8123: '000000100000' },
    };
    const silent: SignedStory = { signed: { '9F0F': undefined, '9F0D': undefined } };
    expect(tap(signingCard(keys, silent), how).generate?.p1).toBe('50');
  });

  it('[C-2 TAA offline only] default codes decide at a terminal that can’t go online', () => {
    for (const type of ['23', '26', '36', '13', '16']) {
      expect([type, asked({ '9F35': type })]).toEqual([type, TC]);
      expect(asked({ '9F35': type, DF8122: FLOOR_BIT }, { '9F0F': FLOOR_BIT })).toBe(TC);
      expect(asked({ '9F35': type, DF8120: FLOOR_BIT })).toBe(AAC);
      expect(asked({ '9F35': type }, { '9F0D': FLOOR_BIT })).toBe(AAC);
      expect(asked({ '9F35': type }, { '9F0D': undefined })).toBe(AAC);
    }
  });

  it('[C-2 config TAC] by codes of its own, if none are configured', () => {
    const unset = { DF8120: undefined, DF8121: undefined, DF8122: undefined };
    // 84...0C: no offline authentication is refused.
    expect(plainTap({}, { terminal: unset }).generate?.p1).toBe(AAC);
  });
});

describe('and whether it is to be signed (GAC)', () => {
  const keys = newKeys(144, 128, 112);
  const authentication = trusting(keys);
  const p1 = (story: SignedStory, how: How = {}) =>
    tap(signingCard(keys, story), { authentication, ...how }).generate?.p1;
  const offline = { terminal: NONE };
  const denied = { terminal: { DF8121: '0000000001' } };

  it('[C-2 GAC CDA] an approval or a request to go online is to be signed', () => {
    expect(p1({}, offline)).toBe('50');
    expect(p1({})).toBe('90');
  });

  it('[C-2 GAC CDA AAC] a decline only by a card that signs them all', () => {
    expect(p1({}, denied)).toBe('00');
    const fci = fciOf({}, { '9F5D': '000100' });
    expect(p1({}, { ...denied, fci })).toBe('10');
  });

  it('[C-2 GAC no CDA] nothing without CDA', () => {
    expect(plainTap().generate?.p1).toBe('80');
  });

  it('[C-2 GAC CDA failed] nothing where CDA has failed; the action codes decided', () => {
    const missing: SignedStory = { afterwards: { '9F46': undefined } };
    expect(p1(missing)).toBe('80');
    expect(p1(missing, { terminal: { ...NONE, DF8121: '0400000000' } })).toBe('00');
  });

  it('[C-2 GAC CDA failed] and a phone that verified its owner unproven is declined', () => {
    const phone: SignedStory = { aip: '1B80', afterwards: { '9F46': undefined } };
    expect(p1(phone)).toBe('00');
    expect(p1(phone, { terminal: { DF811B: '00' } })).toBe('80');
    expect(p1({ aip: '1B80' })).toBe('90');
  });
});

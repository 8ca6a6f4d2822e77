import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { signsAfter, signsBefore } from '#contactless/card-signs.ts';
import { tag } from '#data/dictionary.ts';

const rules = { tokenRanges: [{ from: '47617390', to: '47617390' }], plasticBySigns: true };
const strict = { ...rules, plasticBySigns: false };

const card = (kernelId: string, elements: Readonly<Record<number, string>>) => ({
  kernelId,
  adfName: hex(kernelId === '03' ? 'A0000000031010' : 'A0000000041010'),
  known: (wanted: number) => (elements[wanted] === undefined ? undefined : hex(elements[wanted])),
});

// Of published traces: the PDOL of a phone with Visa, and of a card.
const WALLET_PDOL = '9F66049F02069F03069F1A0295055F2A029A039C019F37049F4E14';
const PLASTIC_PDOL = '9F66049F02069F03069F1A0295055F2A029A039C019F3704';

describe('before a Visa card is asked for its cryptogram', () => {
  it('a phone asks for the name of the shop, to show it', () => {
    expect(signsBefore(card('03', { [tag.pdol]: WALLET_PDOL }), rules)).toEqual({
      device: 'phone',
      account: null,
      because: "it asks for the merchant's name (9F4E)",
    });
  });

  it('a card that asks for nothing of it counts as plastic, unless the shop is strict', () => {
    const plastic = card('03', { [tag.pdol]: PLASTIC_PDOL });
    expect(signsBefore(plastic, rules).device).toBe('plastic');
    expect(signsBefore(plastic, strict).device).toBeNull();
  });

  it('the number of an issuer that gives out tokens tells of a phone', () => {
    const elements = {
      [tag.pdol]: PLASTIC_PDOL,
      [tag.issuerIdentificationNumberExtended]: '47617390',
    };
    expect(signsBefore(card('03', elements), rules)).toEqual({
      device: 'phone',
      account: '47617390',
      because: 'an account number of a token range',
    });
  });

  it('fewer digits than the range has may be one of it', () => {
    const short = { [tag.pdol]: PLASTIC_PDOL, [tag.issuerIdentificationNumber]: '476173' };
    expect(signsBefore(card('03', short), rules).device).toBe('phone');
    const other = { [tag.pdol]: PLASTIC_PDOL, [tag.issuerIdentificationNumber]: '476174' };
    expect(signsBefore(card('03', other), rules).device).toBe('plastic');
  });

  it('a PDOL that is malformed is no sign', () => {
    expect(signsBefore(card('03', { [tag.pdol]: '9F' }), strict).device).toBeNull();
  });
});

describe('after a Visa card has answered', () => {
  const plastic = { [tag.pdol]: PLASTIC_PDOL };
  const shown = (elements: Readonly<Record<number, string>>) =>
    signsAfter('03', card('03', { ...plastic, ...elements }).known, rules);

  it.each([
    ['20700000', 'plastic'], // a card of version 1
    ['21700000', 'plastic'], // a smaller one
    ['23820000', 'phone'],
    ['24000000', 'phone'], // worn on the wrist
    ['25000000', 'phone'], // of no use that we know
  ])('its form factor %s makes it %s', (formFactor, device) => {
    const known = { [tag.formFactorIndicator]: formFactor, [tag.track2EquivalentData]: TRACK2 };
    expect(shown(known)).toMatchObject({ device, account: '4111111111111111' });
  });

  it('a holder who was verified on the device has one that can do it', () => {
    expect(shown({ [tag.cardTransactionQualifiers]: '0080' }).device).toBe('phone');
    expect(shown({ [tag.cardTransactionQualifiers]: '8000' }).device).toBe('plastic');
  });

  it('who has a token says who asked for it', () => {
    expect(shown({ [tag.tokenRequestorId]: '040010030273' }).device).toBe('phone');
  });
});

const TRACK2 = '4111111111111111D3012201000000000F';

describe('before a Mastercard is asked for its cryptogram, all its records are read', () => {
  const read = (elements: Readonly<Record<number, string>>) =>
    signsBefore(card('02', { [tag.applicationInterchangeProfile]: '1980', ...elements }), strict);

  it('a card that can verify its owner is a phone', () => {
    expect(read({ [tag.applicationInterchangeProfile]: '1280' }).device).toBe('phone');
    expect(read({}).device).toBe('plastic');
  });

  it.each([
    ['3030', 'plastic'],
    ['3031', 'phone'],
    ['3032', 'plastic'], // a key fob can't ask its owner
    ['3033', 'phone'], // a watch can
    ['3231', 'phone'],
    ['3939', 'phone'], // what we don't know counts as one
  ])('its device type %s makes it %s', (type, device) => {
    expect(read({ [tag.thirdPartyData]: `08400000${type}00` }).device).toBe(device);
  });

  it('third party data without a device type tells nothing', () => {
    expect(read({ [tag.thirdPartyData]: '08408000323100' }).device).toBe('plastic');
    expect(read({ [tag.thirdPartyData]: '0840000000' }).device).toBe('plastic');
  });

  it('knows the account number', () => {
    expect(read({ [tag.applicationPan]: '5413330089010434' }).account).toBe('5413330089010434');
  });
});

describe('a kernel whose signs nobody has told us', () => {
  it('tells nothing: what is decided about phones counts against it', () => {
    expect(signsBefore(card('09', {}), rules).device).toBeNull();
    expect(signsAfter('09', card('09', {}).known, rules).device).toBeNull();
  });
});

describe('a UnionPay card', () => {
  it('tells nothing before it is asked, as one of Visa, unless it has a token', () => {
    expect(signsBefore(card('07', { [tag.pdol]: PLASTIC_PDOL }), strict).device).toBeNull();
    expect(signsBefore(card('07', { [tag.pdol]: PLASTIC_PDOL }), rules).device).toBe('plastic');
    const token = { [tag.pdol]: PLASTIC_PDOL, [tag.tokenRequestorId]: '062000000001' };
    expect(signsBefore(card('07', token), strict).device).toBe('phone');
  });

  it.each([
    ['verified its owner', { [tag.cardTransactionQualifiers]: '0080' }, 'phone'],
    ['says whose token it is', { [tag.tokenRequestorId]: '062000000001' }, 'phone'],
    ['tells the last digits of another number', { [tag.last4DigitsOfPan]: '8806' }, 'phone'],
    ['wants a signature', { [tag.cardTransactionQualifiers]: '4000' }, 'plastic'],
  ])('that %s afterwards is what it is', (_, elements, device) => {
    expect(signsAfter('07', card('07', elements).known, rules).device).toBe(device);
  });
});

describe('a Discover card', () => {
  it('tells nothing before it is asked, unless it has a token', () => {
    expect(signsBefore(card('06', { [tag.pdol]: PLASTIC_PDOL }), strict).device).toBeNull();
    expect(signsBefore(card('06', { [tag.tokenRequestorId]: '065000000001' }), strict).device).toBe(
      'phone',
    );
  });

  it.each([
    ['1000', 'phone'],
    ['C000', 'plastic'],
  ])('with the requirements %s is a %s afterwards', (requirements, device) => {
    const known = card('06', { [tag.cardProcessingRequirementsCpr]: requirements }).known;
    expect(signsAfter('06', known, rules).device).toBe(device);
  });
});

describe('a card of kernel 8', () => {
  const early = (elements: Readonly<Record<number, string>>, how = strict) =>
    signsBefore(card('08', elements), how).device;
  const late = (elements: Readonly<Record<number, string>>) =>
    signsAfter('08', card('08', elements).known, strict).device;

  it('is a phone if it has a token, or can verify its owner', () => {
    expect(early({ [tag.tokenRequestorId]: '099999999999' })).toBe('phone');
    expect(early({ [tag.cardCapabilitiesInformation]: '1004' })).toBe('phone');
    expect(early({ [tag.cardCapabilitiesInformation]: '7048' })).toBeNull();
  });

  it('says nothing for certain by saying nothing', () => {
    expect(early({})).toBeNull();
    expect(early({}, rules)).toBe('plastic');
  });

  it('is a phone once it has verified its owner, or asks for the owner', () => {
    expect(late({ [tag.cardholderVerificationDecision]: '03' })).toBe('phone');
    expect(late({ [tag.cardholderVerificationDecision]: '02' })).toBe('plastic');
    expect(late({ [tag.restartIndicator]: '2020' })).toBe('phone');
    expect(late({ [tag.restartIndicator]: '2021' })).toBe('plastic');
    expect(late({ [tag.restartIndicator]: '3120' })).toBe('plastic');
  });
});

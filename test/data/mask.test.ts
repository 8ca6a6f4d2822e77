import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCompressedNumeric } from '#bytes/bcd.ts';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { type Book, tag } from '#data/dictionary.ts';
import { maskCommand, maskPan, maskResponse, maskTlvs, maskValue } from '#data/mask.ts';
import { encodeTlv } from '#tlv/tlv.ts';

describe('an account number', () => {
  it.each([
    ['4761739001010119', '476173******0119'],
    ['6726428902046846007', '672642*********6007'],
    ['476173900101', '********0101'],
    ['123', '123'],
  ])('%s is shown as %s', (pan, masked) => {
    expect(maskPan(pan)).toBe(masked);
  });
});

describe('a value for people', () => {
  it.each([
    ['an amount is open', tag.amountAuthorisedNumeric, '000000001250', '000000001250'],
    ['an account number', tag.applicationPan, '4761739001010119', '476173******0119'],
    [
      'an account number with padding',
      tag.applicationPan,
      '67264289020468460F',
      '672642*******8460',
    ],
    ['track 2', tag.track2EquivalentData, '4761739001010119D3112201123450000F', '476173******0119'],
    ['no account number in its place', tag.applicationPan, '1234', '(2 bytes)'],
    ['discretionary data of track 2', tag.track2DiscretionaryData, '1234567890123456', '(8 bytes)'],
    ['discretionary data of track 1', tag.track1DiscretionaryData, '313233343536', '(6 bytes)'],
    ['track 1', tag.track1Data, '42343736313733', '(7 bytes)'],
    [
      'a certificate with the account number in it',
      tag.iccPublicKeyCertificate,
      '476173900101',
      '(6 bytes)',
    ],
    ["the cardholder's name", tag.cardholderName, '53414D504C45', '(6 bytes)'],
    ['a PIN', tag.transactionPinData, '241234FFFFFFFFFF', '(hidden)'],
    ['a tag that nobody knows', 0xdf79, '4761739001010119', '(8 bytes)'],
  ])('%s', (_, number, value, shown) => {
    expect(maskValue(number, hex(value))).toBe(shown);
  });

  it('is as hidden as the most sensitive meaning of its tag, unless the kernel decides', () => {
    expect(maskValue(tag.dsId, hex('4761739001010119'))).toBe('(8 bytes)');
    expect(maskValue(tag.terminalOptionStatus, hex('E000'), 'INTERAC')).toBe('E000');
  });
});

describe("a card's answer in a log", () => {
  it('names its objects and masks what it must', () => {
    const record = encodeTlv(
      tag.readRecordResponseTemplate,
      encodeTlv(tag.applicationPan, hex('4761739001010119')),
      encodeTlv(tag.applicationExpirationDate, hex('311231')),
    );
    expect(maskTlvs(record)).toBe('70{5A=476173******0119 5F24=311231}');
    expect(maskResponse(concat(record, hex('9000')))).toBe(
      '70{5A=476173******0119 5F24=311231} 9000',
    );
    expect(maskResponse(hex('6986'))).toBe('6986');
  });

  it('shows no byte of what is no TLV', () => {
    expect(maskTlvs(hex('70 0A 5A08 4761739001'))).toBe('(9 bytes that are no TLV)');
  });

  it('gives away no account number, track or name, however deep it lies', () => {
    fc.assert(
      fc.property(fc.array(anyNode, { minLength: 1, maxLength: 4 }), anyBook, (nodes, book) => {
        const secrets = nodes.flatMap(secretsOf);
        const shown = maskTlvs(concat(...nodes.map(encode)), book);
        for (const secret of secrets) expect(shown).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });

  it('gives away none of it when it is cut off either', () => {
    fc.assert(
      fc.property(anyNode, fc.nat(), (node, where) => {
        const bytes = encode(node);
        const shown = maskTlvs(bytes.subarray(0, where % bytes.length));
        for (const secret of secretsOf(node)) expect(shown).not.toContain(secret);
      }),
    );
  });
});

describe('a command in a log', () => {
  it.each([
    ['SELECT', '00A4040007A000000003101000', '00A40400 07A000000003101000'],
    ['GET PROCESSING OPTIONS', '80A8000006830436C0400000', '80A80000 06830436C0400000'],
    ['READ RECORD', '00B2010C00', '00B2010C00'],
    ['GENERATE AC', '80AE90000447617390' + '00', '80AE9000 (6 bytes)'],
    ['an issuer script', '8424000208' + '0102030405060708', '84240002 (9 bytes)'],
  ])('%s', (_, command, shown) => {
    expect(maskCommand(hex(command))).toBe(shown);
  });
});

interface Leaf {
  readonly tag: number;
  readonly value: Uint8Array;
  readonly secrets: readonly string[];
}
interface Nested {
  readonly template: number;
  readonly inside: readonly Node[];
}
type Node = Leaf | Nested;

const anyPan = fc.stringMatching(/^[1-9][0-9]{12,18}$/);
const anyName = fc.stringMatching(/^[A-Z]{6,10}\/[A-Z]{6,10}$/);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const anyLeaf: fc.Arbitrary<Leaf> = fc
  .tuple(anyPan, anyName, fc.stringMatching(/^[1-9]{8,11}$/))
  .chain(([pan, name, more]) => {
    const digits = `${pan}D3112201${more}`;
    const track2Value = hex(digits.length % 2 ? `${digits}F` : digits);
    const track1 = `B${pan}^${name}^3112201${more}`;
    const leaf = (number: number, value: Uint8Array, ...secrets: string[]): Leaf => ({
      tag: number,
      value,
      secrets,
    });
    return fc.constantFrom(
      leaf(tag.applicationPan, toCompressedNumeric(pan), pan),
      leaf(tag.track2EquivalentData, track2Value, pan, more),
      leaf(tag.track2DataMagStripeMode, track2Value, pan, more),
      leaf(tag.track1Data, ascii(track1), toHex(ascii(pan)), toHex(ascii(name))),
      leaf(tag.track1DiscretionaryData, ascii(more), toHex(ascii(more))),
      leaf(tag.track2DiscretionaryData, toCompressedNumeric(more), more),
      leaf(tag.cardholderName, ascii(name), toHex(ascii(name)), name),
      leaf(tag.cardholderNameExtended, ascii(name), toHex(ascii(name)), name),
      leaf(0xdf79, toCompressedNumeric(pan), pan),
      leaf(0xc1, track2Value, pan),
    );
  });

const anyNode: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    anyLeaf,
    fc.record({
      template: fc.constantFrom(0x70, 0x77, 0x6f, 0xa5, 0xbf0c, 0xe0, 0xff8105),
      inside: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).node;

const anyBook = fc.constantFrom<(Book | undefined)[]>(
  undefined,
  'K2',
  'K3',
  'K5',
  'K8',
  'K2-legacy',
);

const encode = (node: Node): Uint8Array =>
  'template' in node
    ? encodeTlv(node.template, ...node.inside.map(encode))
    : encodeTlv(node.tag, node.value);

const secretsOf = (node: Node): readonly string[] =>
  'template' in node ? node.inside.flatMap(secretsOf) : node.secrets;

import { describe, expect, it } from 'vitest';
import {
  type Book,
  type Element,
  elementName,
  elementsOf,
  lookUp,
  meanings,
  tag,
} from '#data/dictionary.ts';
import { elements } from '#data/elements.ts';
import { isConstructed, tagText } from '#tlv/tlv.ts';

const rows = Object.values<Element>(elements);

// [tag, book, name, format, least and greatest length, source]: typed from the books' dictionaries.
const KNOWN: readonly (readonly [number, Book, string, string, number, number | null, string])[] = [
  [0x57, 'EMV', 'Track 2 Equivalent Data', 'b', 0, 19, 'card'],
  [0x5a, 'K2', 'Application PAN', 'cn', 0, 10, 'card'],
  [0x82, 'K3', 'Application Interchange Profile', 'b', 2, 2, 'card'],
  [0x8c, 'K2', 'CDOL1', 'b', 0, 252, 'card'],
  [0x8e, 'EMV', 'CVM List', 'b', 10, 252, 'card'],
  [0x94, 'K3', 'Application File Locator', 'var', 0, 252, 'card'],
  [0x95, 'K8', 'Terminal Verification Results', 'b', 5, 5, 'terminal'],
  [0x96, 'EP', 'Kernel Identifier - Terminal', 'b', 8, 8, 'terminal'],
  [0x9a, 'EMV', 'Transaction Date', 'n 6 YYMMDD', 3, 3, 'terminal'],
  [0x9c, 'EMV', 'Transaction Type', 'n 2', 1, 1, 'terminal'],
  [0xbf0c, 'K2', 'FCI Issuer Discretionary Data', 'var', 0, 222, 'card'],
  [0x5f24, 'K3', 'Application Expiration Date', 'n 6 YYMMDD', 3, 3, 'card'],
  [0x5f2d, 'EMV', 'Language Preference', 'an 2..8', 2, 8, 'card'],
  [0x5f34, 'K2', 'Application PAN Sequence Number', 'n 2', 1, 1, 'card'],
  [0x9f02, 'EMV', 'Amount, Authorised (Numeric)', 'n 12', 6, 6, 'terminal'],
  [0x9f10, 'K3', 'Issuer Application Data', 'b', 0, 32, 'card'],
  [0x9f1b, 'EMV', 'Terminal Floor Limit', 'b', 4, 4, 'terminal'],
  [0x9f1d, 'K2', 'Terminal Risk Management Data', 'b', 1, 8, 'terminal'],
  [0x9f26, 'K2', 'Application Cryptogram', 'b', 8, 8, 'card'],
  [0x9f27, 'K3', 'Cryptogram Information Data', 'b', 1, 1, 'card'],
  [0x9f2a, 'EP', 'Kernel Identifier', 'b', 1, 8, 'card'],
  [0x9f33, 'K2', 'Terminal Capabilities', 'b', 3, 3, 'terminal'],
  [0x9f38, 'K3', 'PDOL', 'b', 0, 240, 'card'],
  [0x9f4b, 'K2', 'Signed Dynamic Application Data', 'b', 0, 248, 'card'],
  [0x9f50, 'K5', 'Cardholder Verification Status', 'b', 1, 1, 'card'],
  [0x9f52, 'K5', 'Terminal Compatibility Indicator', 'b', 1, 1, 'terminal'],
  [0x9f53, 'K2', 'Transaction Category Code', 'an', 1, 1, 'terminal'],
  [0x9f5d, 'K2', 'Application Capabilities Information', 'b', 3, 3, 'card'],
  [0x9f5d, 'K3', 'Available Offline Spending Amount', 'n 12', 6, 6, 'card'],
  [0x9f66, 'K3', 'Terminal Transaction Qualifiers', 'b', 4, 4, 'terminal'],
  [0x9f69, 'K3', 'Card Authentication Related Data', 'b', 5, 16, 'card'],
  [0x9f6c, 'K3', 'Card Transaction Qualifiers', 'b', 2, 2, 'card'],
  [0x9f6e, 'K2', 'Third Party Data', 'b', 5, 32, 'card'],
  [0x9f6e, 'K3', 'Form Factor Indicator', 'b', 4, 4, 'card'],
  [0x9f6e, 'K4', 'Enhanced Contactless Reader Capabilities', 'b', 4, 4, 'terminal'],
  [0x9f6e, 'K5', 'Device Information', 'b', 4, 4, 'card'],
  [0x9f70, 'K4', 'Card Interface and Payment Capabilities', 'b', 2, 2, 'card'],
  [0x9f71, 'K6', 'Card Processing Requirements (CPR)', 'b', 2, 2, 'card'],
  [0x9f7c, 'K3', 'Customer Exclusive Data', 'b', 0, 32, 'card'],
  [0xdf4b, 'K2', 'POS Cardholder Interaction Information', 'b', 3, 3, 'card'],
  [0xdf8115, 'K2', 'Error Indication', 'b', 6, 6, 'kernel'],
  [0xdf8116, 'K2', 'User Interface Request Data', 'b', 13, 13, 'kernel'],
  [0xdf8129, 'K2', 'Outcome Parameter Set', 'b', 8, 8, 'kernel'],
  [0xdf8131, 'K2', 'Phone Message Table', 'b', 0, null, 'kernel'],
  [0xff8105, 'K2', 'Data Record', 'b', 0, null, 'kernel'],
  [0x9f8210, 'K8', 'Outcome Parameter Set', 'b', 8, 8, 'kernel'],
];

const BY_TEXT = KNOWN.map(([number, ...rest]) => [tagText(number), ...rest] as const);

describe('the data dictionary', () => {
  it('has a row for each meaning of each tag', () => {
    expect(rows).toHaveLength(359);
    expect(new Set(rows.map((row) => row.tag))).toHaveLength(326);
  });

  it.each(BY_TEXT)('%s in %s is %s', (text, book, title, layout, min, max, source) => {
    expect(lookUp(Number.parseInt(text, 16), book)).toMatchObject({
      title,
      layout,
      min,
      max,
      source,
    });
  });

  it('gives each row a format that its layout begins with, and lengths in order', () => {
    for (const { layout, format, min, max } of rows) {
      expect(layout.startsWith(format)).toBe(true);
      expect(max === null || max >= min).toBe(true);
    }
  });

  it('knows a row by its name, and a name by its row', () => {
    expect(tag.applicationCryptogram).toBe(0x9f26);
    for (const [name, row] of Object.entries<Element>(elements))
      expect(elementName(row)).toBe(name);
  });

  it('gives a book one meaning of a tag at most', () => {
    const seen = new Set<string>();
    for (const row of rows) {
      for (const book of row.books) {
        const key = `${book} ${tagText(row.tag)}`;
        expect(seen).not.toContain(key);
        seen.add(key);
      }
    }
  });

  it('does not choose between kernels when none is named', () => {
    expect(lookUp(tag.formFactorIndicator)).toBeUndefined();
    expect(meanings(tag.formFactorIndicator)).toHaveLength(5);
  });

  it('falls back to the base books for a kernel that says nothing of its own', () => {
    expect(lookUp(tag.track1Data, 'K3')?.title).toBe('Track 1 Data');
    expect(lookUp(0xdf99)).toBeUndefined();
  });

  it('says what one kernel knows', () => {
    const k2 = elementsOf('K2');
    expect(k2.get(tag.outcomeParameterSetK2)?.title).toBe('Outcome Parameter Set');
    expect(k2.has(tag.track2DataMagStripeMode)).toBe(false);
  });

  it('keeps the PIN, the name and all account data under a lock', () => {
    const locked = (wanted: string) =>
      rows.filter(({ sensitivity }) => sensitivity === wanted).map((row) => tagText(row.tag));
    expect(locked('secret')).toEqual(['99']);
    expect(locked('personal')).toEqual(['5F20', '9F0B']);
    expect(locked('account')).toEqual(['57', '5A', '9F6B']);
    expect(locked('enclosed')).toEqual(
      ['56', '86', '5F53', '9F1F', '9F20', '9F2D', '9F46', '9F5E'].concat([
        'DF3E',
        'DF3F',
        'DF8107',
        'DF8111',
        'DF8113',
        'DF812A',
        'DF812B',
      ]),
    );
  });

  it('hides no template: what is inside has rows of its own', () => {
    for (const row of rows) {
      if (isConstructed(row.tag)) expect(row.sensitivity).toBe('open');
    }
  });
});

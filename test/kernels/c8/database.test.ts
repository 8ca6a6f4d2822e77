import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { dolValues } from '#kernels/shared/dol-values.ts';
import { vectors } from '#test/crypto/kernel-8-vectors.ts';
import { parseDol } from '#tlv/dol.ts';
import { encodeTlv, isConstructed } from '#tlv/tlv.ts';
import { PAN } from './channel-card.ts';
import {
  AID,
  CARD_QUALIFIER,
  cardTap,
  errorOf,
  LABEL,
  type Objects,
  OTHER_CARD,
  PDOL,
  tlvs,
} from './support.ts';

const QUALIFIER = tlvs({ '9F2C': CARD_QUALIFIER });

/** A tap whose signed record has more in it; signed as it is. */
const withRecord = (record: Objects) => cardTap({ record });

describe('what a card sends', () => {
  test('[C-8 DB unknown] is passed over where the kernel does not know it', () => {
    const odd = withRecord({ '9F7C': '0102', DF01: '00', '9F5D': '000000000000' });
    expect(odd.result.outcome).toBe('approved');
  });

  test('[C-8 DB update] is passed over where it is not the card that says it', () => {
    const forged = withRecord({ '9F02': '000000000001', '9F33': 'FFFFFF', '9F8209': '0000' });
    expect(forged.result.outcome).toBe('approved');
    expect(forged.record).toMatchObject({ '9F02': '000000001250', '9F33': '200C10' });
  });

  test('[C-8 DB twice] may be said again, word for word', () => {
    const repeated = cardTap({ cryptogram: { '5A': PAN, '5F34': '01' } });
    expect(repeated.result.outcome).toBe('approved');
  });

  test.each([
    ['5A', '9999088000000028'],
    ['82', '010A'],
    ['84', 'F04354415009'],
  ])('[C-8 DB contradiction] and not otherwise: %s', (name, value) => {
    const other = withRecord({ [name]: value });
    const late = cardTap({ cryptogram: { [name]: value } });
    for (const one of name === '5A' ? [late] : [other, late]) {
      expect(one.result).toMatchObject(OTHER_CARD);
      expect(errorOf(one)).toBe('00040000001C');
    }
  });

  test.each([
    ['9F36', '00'],
    ['9F10', '00'.repeat(33)],
    ['9F8102', '0000'],
    ['9F8104', '00000000'],
    ['9F8108', '20'],
    ['94', '080101'],
    ['9F32', '0100'],
    ['8C', '00'.repeat(251)],
  ])('[C-8 DB length] has a legal length: %s', (name, value) => {
    const wrong = cardTap({ cryptogram: { [name]: value } });
    expect(wrong.result).toMatchObject(OTHER_CARD);
    expect(errorOf(wrong)).toBe('00040000001C');
  });

  test('[C-8 DB four bytes] has no tag of four bytes', () => {
    const long = withRecord({ '9F818101': '00' });
    expect(long.result).toMatchObject(OTHER_CARD);
    expect(errorOf(long)).toBe('00040000001C');
  });

  test('[C-8 DB templates] may stand in templates, whatever they are called', () => {
    // E0 and, in it, 61: the label in them contradicts the one of the FCI.
    const nested = cardTap({ record: { E0: '6105500341414101' } });
    expect(errorOf(nested)).toBe('00040000001C');
    const fine = cardTap({ record: { E0: '61059F0702FFC0' } });
    expect(fine.result.outcome).toBe('approved');
  });

  test('[C-8 DB padding] may have zeros between, which no MAC covers', () => {
    const padded = cardTap({
      tampers: (response, index) => {
        if (index !== 4) return response;
        const inside = response.subarray(2, -2);
        return Uint8Array.of(0x77, inside.length + 2, 0, ...inside, 0, 0x90, 0);
      },
    });
    expect(padded.result.outcome).toBe('approved');
  });

  test('[C-8 DB minimal] a length in a longer form than needed is stored without it', () => {
    const long = hex(`508108${LABEL}`);
    const inside = concat(long, tlvs({ '9F38': PDOL }), encodeTlv(0xbf0c, QUALIFIER));
    const fci = encodeTlv(0x6f, encodeTlv(0x84, AID), encodeTlv(0xa5, inside));
    // The label is in the Extended SDA Tag List: its hash is over the shortest form.
    expect(cardTap({}, { fci }).result.outcome).toBe('approved');
  });
});

describe('a DOL', () => {
  const DATABASE = new Map([
    [0x9f02, hex('000000001545')],
    [0x9f1a, hex('0643')],
    [0x9f37, hex('11223344')],
    [0x9f1d, hex('2C00000000000000')],
  ]);

  test.each(vectors(/^dol-/))('[C-8 DOL] $id is filled as another kernel fills it', (vector) => {
    const entries = parseDol(hex(vector.in['dol'] ?? ''));
    if ('malformed' in entries) throw new Error('no DOL');
    const find = (wanted: number) => (isConstructed(wanted) ? undefined : DATABASE.get(wanted));
    expect(toHex(dolValues(entries, 'K8', find))).toBe(vector.out['data']);
  });

  test('[C-8 DOL] gets zeros for a template and for what is empty', () => {
    const cdol = '9F0206BF810404 9F820202 9F3503'.replaceAll(' ', '');
    const asked = cardTap(
      { gpo: { '8C': cdol } },
      { terminal: { BF8104: '9F81120101', '9F8202': '' } },
    );
    expect(asked.generate?.data).toBe('000000001250 00000000 0000 000022'.replaceAll(' ', ''));
  });
});

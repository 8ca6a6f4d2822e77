import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import type { DataMap } from '#kernels/shared/kernel.ts';
import { errorOf, fciOf, field, type How, type Objects, plainTap } from './support.ts';

const CDOL1_WITH_TRMD = { record: { '8C': '9F1D08' } };

describe('terminal risk management data (9F1D)', () => {
  const sent = (value: string | undefined, terminal: Objects = {}, how: How = {}) => {
    const fci = fciOf({ '9F38': '9F1D08' });
    const played = plainTap(CDOL1_WITH_TRMD, {
      fci,
      terminal: { '9F1D': value, ...terminal },
      ...how,
    });
    return [(played.commands[0] ?? '').slice(14, 30), field(played, 0, 8)];
  };

  it('[C-2 TRMD] follows the verification that counts for this amount', () => {
    // On-device verification is the reader's; under the limit "no CVM", over it PIN and signature.
    expect(sent('FFFFFFFFFFFFFFFF')).toEqual(['937FFFFFFFFFFFFF', '9F7FFFFFFFFFFFFF']);
    const over = { '9F02': '000000010001' };
    expect(sent('FFFFFFFFFFFFFFFF', over)).toEqual(['937FFFFFFFFFFFFF', 'F7FFFFFFFFFFFFFF']);
    const plain = { ...over, DF811B: '00' };
    expect(sent('0000000000000000', plain)).toEqual(['0000000000000000', '6080000000000000']);
  });

  it('[C-2 TRMD] is sent as configured where the configuration says so', () => {
    const how: How = { options: { kernel2: { riskManagementData: 'asConfigured' } } };
    expect(sent('6C00800000000000', {}, how)).toEqual(['6C00800000000000', '6C00800000000000']);
  });

  it('[C-2 TRMD] is zeros where none is configured', () => {
    expect(sent(undefined)).toEqual(['0000000000000000', '0000000000000000']);
  });
});

describe('data exchange', () => {
  const merchant = '4D'.repeat(20);
  const late: Objects = { '9F7C': '', '9F16': '' };
  const card = { record: { '8C': '9F7C14' } };

  it('[C-2 DE off] is never asked for without it', () => {
    const fci = fciOf({ '9F38': '9F160F' });
    const played = plainTap(card, {
      fci,
      terminal: late,
      play: {
        dataExchange: () => {
          throw new Error('asked');
        },
      },
    });
    expect(played.result.outcome).toBe('onlineRequest');
    expect(field(played, 0, 20)).toBe('00'.repeat(20));
  });

  const exchanging = (answers: DataMap | null, terminal: Objects = late) => {
    const asks: { send: string[]; needed: string[]; timeoutMs: number }[] = [];
    const played = plainTap(card, {
      fci: fciOf({ '9F38': '9F160F' }),
      terminal,
      dataExchange: true,
      play: {
        dataExchange: ({ send, needed, timeoutMs }) => {
          asks.push({
            send: send.map(({ tag, value }) => `${tag.toString(16)} ${toHex(value)}`),
            needed: needed.map((tag) => tag.toString(16)),
            timeoutMs,
          });
          return answers;
        },
      },
    });
    return { ...played, asks };
  };

  const given: DataMap = new Map([
    [0x9f16, hex('31'.repeat(15))],
    [0x9f7c, hex(merchant)],
    [0x95, hex('FFFFFFFFFF')],
    [0x9f37, hex('00000000')],
    [0x9f26, hex('FFFFFFFFFFFFFFFF')],
  ]);

  it('[C-2 S1 data needed] gets what the PDOL wants and the terminal has left empty', () => {
    const played = exchanging(given);
    expect(played.asks).toEqual([{ send: [], needed: ['9f16'], timeoutMs: 500 }]);
    expect(played.commands[0]).toContain('31'.repeat(15));
    expect(field(played, 0, 20)).toBe(merchant);
  });

  it('[C-2 S456 data needed] and what CDOL1 wants', () => {
    const played = exchanging(given, { '9F7C': '', DF8127: '0064' });
    expect(played.asks).toEqual([{ send: [], needed: ['9f7c'], timeoutMs: 100 }]);
    expect(field(played, 0, 20)).toBe(merchant);
  });

  it('[C-2 S1 data needed] and takes nothing that is the kernel’s or the card’s', () => {
    const { tvr, record } = exchanging(given);
    expect(tvr).toBe('8000000001');
    expect(record).toMatchObject({ '9F26': '1122334455667788', '9F37': 'C0FFEE01' });
  });

  it('[C-2 S456 tags to read] and shows what the terminal wanted to read', () => {
    const played = exchanging(new Map(), { DF8112: '5F249F07' });
    expect(played.asks).toEqual([
      { send: ['5f24 281231', '9f07 FFC0'], needed: [], timeoutMs: 500 },
    ]);
    expect(played.result.outcome).toBe('onlineRequest');
  });

  it('[C-2 S2 time out] ends when the terminal lets the time pass', () => {
    for (const silence of [null, new Map()]) {
      const played = exchanging(silence);
      expect(played.result).toMatchObject({
        outcome: 'endApplication',
        start: 'none',
        uiOnOutcome: null,
      });
      expect(errorOf(played)).toBe('0000010000FF');
      expect(played.asks).toHaveLength(1);
      expect(played.commands).toEqual([]);
    }
  });
});

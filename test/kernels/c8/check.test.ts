import { describe, expect, test } from 'vitest';
import { kernel8 } from '#kernels/c8/kernel.ts';
import { play } from '#test/support/scripted-card.ts';
import { channelCard } from './channel-card.ts';
import { noted } from './noted.ts';
import {
  CAPABILITIES_AT,
  cardTap,
  errorOf,
  field,
  kernelInput,
  type Objects,
  RISK_AT,
  TVR_AT,
} from './support.ts';

const at = (amount: string, terminal: Objects = {}) =>
  cardTap({}, { terminal: { '9F02': amount, ...terminal } });

describe('before GENERATE AC', () => {
  test.each(['9F02', '9A'])(
    '[C-8 check transaction data] without %s it ends in silence',
    (name) => {
      const lacking = cardTap({}, { terminal: { [name]: undefined } });
      expect(lacking.result).toMatchObject({
        outcome: 'endApplication',
        start: 'none',
        uiOnOutcome: null,
        uiOnRestart: null,
        dataRecord: [],
      });
      expect(errorOf(lacking)).toBe('0000030000FF');
      expect(lacking.generate).toBeUndefined();
    },
  );

  test('[C-8 check CVM limit] the limit itself asks for the holder, and for a receipt', () => {
    const below = at('000000004999');
    expect(field(below, CAPABILITIES_AT, 3)).toBe('200C10');
    expect(field(below, RISK_AT, 2)).toBe('0C00');
    expect(below.result.receipt).toBe(false);
    const limit = at('000000005000');
    expect(field(limit, CAPABILITIES_AT, 3)).toBe('206410');
    expect(field(limit, RISK_AT, 2)).toBe('6480');
    expect(limit.result.receipt).toBe(true);
  });

  test('[C-8 check risk management data] its other bits stay, the five are ours', () => {
    const configured = at('000000001250', { '9F1D': 'FFFFFFFFFFFFFFFF' });
    expect(field(configured, RISK_AT, 8)).toBe('9F7FFFFFFFFFFFFF');
    const over = at('000000005000', { '9F1D': 'FFFFFFFFFFFFFFFF' });
    expect(field(over, RISK_AT, 8)).toBe('F7FFFFFFFFFFFFFF');
  });

  test('[C-8 check floor limit] over it, not at it', () => {
    expect(field(at('000000010000'), TVR_AT, 5)).toBe('0000000082');
    expect(field(at('000000010001'), TVR_AT, 5)).toBe('0000008082');
  });

  test('[C-8 check AID] a reader AID that is no beginning of the DF name', () => {
    const mismatch = cardTap({}, { terminal: { '9F06': 'F04354415009' } });
    expect(field(mismatch, TVR_AT, 5)).toBe('00000000C2');
    const prefix = cardTap({}, { terminal: { '9F06': 'F043544150' } });
    expect(field(prefix, TVR_AT, 5)).toBe('0000000082');
  });

  test.each([
    ['the reader', {}, { '9F820A': '00' }],
    ['the card', { aip: '000B' }, {}],
  ])('[C-8 check local authentication] not performed for want of %s', (_, story, terminal) => {
    const without = cardTap(story, { terminal });
    expect(field(without, TVR_AT, 5)).toBe('8000000082');
    expect(without.result.report?.oda).toBe('local authentication not performed');
    // The MAC is checked all the same.
    const forged = cardTap(
      { ...story, afterwards: { '9F8105': '0000000000000000' } },
      { terminal },
    );
    expect(errorOf(forged)).toBe('00130000001C');
  });
});

describe('terminal action analysis', () => {
  const asked = (terminal: Objects, aip = '010B') => cardTap({ aip }, { terminal }).generate?.p1;
  const [AAC, TC, ARQC] = ['00', '40', '80'];

  test('[C-8 TAA denial] comes first, whatever the terminal is', () => {
    expect(asked({ '9F820B': '0000000002' })).toBe(AAC);
    expect(asked({ '9F820B': '0000000002', '9F35': '21' })).toBe(AAC);
    expect(asked({ '9F820B': '0000000001' })).toBe(TC);
  });

  test.each(['11', '21', '14', '24', '34'])('[C-8 TAA online only] type %s: ARQC', (type) => {
    expect(asked({ '9F35': type })).toBe(ARQC);
  });

  test.each(['23', '26', '36', '13', '16'])(
    '[C-8 TAA offline only] type %s: TC, of a card that can',
    (type) => {
      expect(asked({ '9F35': type })).toBe(TC);
      expect(asked({ '9F35': type }, '0103')).toBe(AAC);
      // What the online code says doesn't matter there.
      expect(asked({ '9F35': type, '9F820C': 'FFFFFFFFFF' })).toBe(TC);
    },
  );

  test('[C-8 TAA both] online where the card or the code wants it', () => {
    expect(asked({})).toBe(TC);
    expect(asked({}, '0103')).toBe(ARQC);
    expect(asked({ '9F820C': '0000000002' })).toBe(ARQC);
    expect(asked({ '9F02': '000000010001' })).toBe(ARQC);
  });
});

describe('GENERATE AC', () => {
  test('[C-8 S26 CDOL1] one that can not be read, or asks for too much: another card', () => {
    for (const cdol of ['9F02', `${'9F02FF'.repeat(2)}`]) {
      const broken = cardTap({ gpo: { '8C': cdol } });
      expect(errorOf(broken)).toBe('00060000001C');
      expect(broken.generate).toBeUndefined();
    }
  });

  test('[C-8 S26 clearance] the shop is asked first, with all that the card has told', () => {
    const order: string[] = [];
    const step = kernel8(kernelInput({ clearance: true }));
    play(noted(step, order), channelCard());
    expect(order.slice(-3)).toEqual(['clearance 08 9999088000000010', 'exchange AE', 'ui']);
    expect(order.filter((one) => one.startsWith('clearance'))).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { builtInKernels } from '#contactless/kernels.ts';
import { transactionData } from '#contactless/transaction-data.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import { answer } from '#test/kernels/c3/support.ts';
import { AID, fciOf, plainCard } from '#test/kernels/c5/support.ts';
import { play, type ScriptedCard } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';

const OK = hex('9000');
const transaction = { type: 0, amountAuthorised: 1250, amountOther: 0, currency: 840 };
const first = {
  start: 'A',
  transaction,
  transactionData: transactionData(transaction, '260615120000', 1),
} as const;

const reader: ReaderConfiguration = {
  combinations: new Map([
    [0, [{ aid: AID, kernelId: '05', entryPoint: {}, data: new Map([[0x9f53, hex('508000')]]) }]],
  ]),
  terminal: new Map([
    [0x9f1a, hex('0840')],
    [0x9f35, hex('22')],
  ]),
  kernels: builtInKernels,
  currencyExponents: new Map(),
};

/** A card with a directory, in front of one that kernel 5's tests know. */
const selectable =
  (card: ScriptedCard): ScriptedCard =>
  (command, index) => {
    if (command[1] !== 0xa4) return card(command, index);
    if (command.length > 15) {
      const entry = encodeTlv(0x61, encodeTlv(0x4f, AID), encodeTlv(0x87, Uint8Array.of(1)));
      const name = encodeTlv(0x84, hex('325041592E5359532E4444463031'));
      return concat(encodeTlv(0x6f, name, encodeTlv(0xa5, encodeTlv(0xbf0c, entry))), OK);
    }
    return concat(fciOf(), OK);
  };

const SECOND = answer(0x77, { '9F27': '40', '9F36': '0042', '9F26': '8877665544332211' });
const HOST = hex('8A023030 910A11223344556677883030');

describe('a JCB payment whose issuer has something for the card', () => {
  it.each([
    ['01', 'D', []],
    ['02', 'B', ['00A4040007A000000065101000']],
  ] as const)(
    'is approved in its second half, which knows the first (9F60 %s, Start %s)',
    (update, start, selected) => {
      const card = selectable(plainCard({ cryptogram: { '9F60': update }, later: [SECOND] }));
      const half = play(activate(reader, newTransaction, first), card, { random: hex('C0FFEE01') });
      const { outcome, state } = half.result;
      expect(outcome).toMatchObject({ outcome: 'onlineRequest', start });
      const again = play(
        activate(reader, state, {
          ...first,
          start,
          issuerData: HOST.subarray(4),
          onlineResponse: HOST,
        }),
        card,
        // The second half has a random number of its own; CDOL2 wants the first half's.
        { random: hex('DEADBEEF') },
      );
      expect(again.commands).toEqual([
        ...selected,
        '80AE4000153030112233445566778830' + '30C0FFEE01800000000000',
      ]);
      expect(again.result.outcome?.outcome).toBe('approved');
    },
  );

  it('keeps nothing for the next transaction', () => {
    expect(newTransaction).not.toHaveProperty('before');
  });
});

import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { channelCard, PAN, READ, READ_DATA, WRITE_DATA } from './channel-card.ts';
import {
  answer,
  cardTap,
  errorOf,
  type How,
  OTHER_CARD,
  PRESENT_AGAIN,
  type Tap,
  tap,
} from './support.ts';

const flip = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  const index = at < 0 ? bytes.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0x01;
  return copy;
};

const commandsOf = ({ commands }: Tap, ins: string): readonly string[] =>
  commands.filter((command) => command.slice(2, 4) === ins);

describe('records', () => {
  test('[C-8 S22 encrypted; C-8 S22 clear] may be encrypted or not, and say the same', () => {
    const [encrypted, clear] = [cardTap(), cardTap({ inClear: true })];
    expect(encrypted.record['5A']).toBe(PAN);
    expect(clear.record).toEqual(encrypted.record);
    expect(clear.result.outcome).toBe('approved');
  });

  test('[C-8 S22 counter] under a counter that was used before can not be believed', () => {
    // The same cipher twice: the second time the terminal has counted on.
    const first = channelCard();
    let record: Uint8Array | undefined;
    const replayed = tap((command, index) => {
      const response = first(command, index);
      if (command[1] !== READ || typeof response === 'string') return response;
      record ??= response;
      return record;
    });
    expect(replayed.result).toMatchObject(OTHER_CARD);
    expect(replayed.generate).toBeUndefined();
  });

  test('[C-8 S22 template] in any other template: a parsing error', () => {
    const other = cardTap({ answers: { [READ]: toHex(answer(0x77, { '5A': PAN })) } });
    expect(other.result).toMatchObject(OTHER_CARD);
    expect(errorOf(other)).toBe('00040000001C');
    expect(errorOf(cardTap({ answers: { [READ]: 'DA05AABB9000' } }))).toBe('00040000001C');
  });

  test('[C-8 S22 SW; C-8 S22 L1] refused, or not answered', () => {
    const refused = cardTap({ answers: { [READ]: '6A83' } });
    expect(refused.result).toMatchObject(OTHER_CARD);
    expect(errorOf(refused)).toBe('0003006A831C');
    const torn = cardTap({ answers: { [READ]: 'transmission' } });
    expect(torn.result).toMatchObject(PRESENT_AGAIN);
    expect(errorOf(torn)).toBe('020000000021');
  });

  test('[C-8 S20 active AFL] of files 11 to 30 are not read', () => {
    const more = cardTap({ gpo: { '94': '080101011001010058010100' } });
    expect(commandsOf(more, 'B2')).toEqual(['00B2010C00', '00B2011400']);
    expect(more.result.outcome).toBe('approved');
  });

  test('[C-8 S20 AFL] whose list can not be read: another card', () => {
    expect(errorOf(cardTap({ gpo: { '94': '08020101' } }))).toBe('00060000001C');
  });

  test('[C-8 S22 none] there need not be any', () => {
    const none = cardTap({ gpo: { '94': '58010100' }, cryptogram: { '5A': PAN } });
    expect(commandsOf(none, 'B2')).toEqual([]);
    // The card's MAC is over the record that it has not sent.
    expect(errorOf(none)).toBe('00130000001C');
  });
});

const ENVELOPES = { '9F8111': 'A1A2A3', '9F8112': 'B1' };
const READS: How = {
  terminal: { '9F8203': '9F81119F8112', '9F821F': '9F8204 9F821C 9F8111 9F8112' },
};

describe('READ DATA', () => {
  test('[C-8 read data order] comes before the records, an envelope at a time', () => {
    const read = cardTap({ envelopes: ENVELOPES }, READS);
    expect(read.commands.map((command) => command.slice(2, 4))).toEqual([
      'A8',
      'EA',
      '32',
      '32',
      'B2',
      'B2',
      'AE',
    ]);
    expect(commandsOf(read, '32')).toEqual(['84320000039F811100', '84320000039F811200']);
    expect(read.discretionary).toMatchObject({ '9F821C': '80', ...ENVELOPES });
    expect(read.result.outcome).toBe('approved');
  });

  test.each([
    ['a wrong MAC', (response: Uint8Array) => flip(response, -3)],
    ['a flipped cipher', (response: Uint8Array) => flip(response, 0)],
    ['no MAC', () => hex('01029000')],
    ['a refusal', () => hex('6A88')],
  ])(
    '[C-8 read data failed] %s: the envelope is not there, and the payment goes on',
    (_, tampers) => {
      const odd = cardTap(
        {
          envelopes: ENVELOPES,
          tampers: (response, at) => (at === 2 ? tampers(response) : response),
        },
        READS,
      );
      expect(odd.discretionary).toMatchObject({ '9F821C': '00' });
      expect(odd.discretionary['9F8111']).toBeUndefined();
      if (!toHex(tampers(hex('0000'))).startsWith('6A')) {
        expect(odd.discretionary).toMatchObject({ '9F8112': 'B1' });
        expect(odd.result.outcome).toBe('approved');
      }
    },
  );

  test('[C-8 read data name] another envelope than was asked for is none', () => {
    const inner = channelCard({ envelopes: ENVELOPES });
    const swapped = tap((command, index) => {
      const asked = command[1] === READ_DATA ? hex('84320000039F811200') : command;
      return inner(asked, index);
    }, READS);
    expect(swapped.discretionary).toMatchObject({ '9F821C': '00', '9F8112': 'B1' });
    expect(swapped.discretionary['9F8111']).toBeUndefined();
  });

  test('[C-8 read data L1] a card that leaves: present again', () => {
    const torn = cardTap({ answers: { [READ_DATA]: 'timeout' } }, READS);
    expect(torn.result).toMatchObject(PRESENT_AGAIN);
  });

  test('[C-8 read data known] what the terminal wants of the records takes no command', () => {
    const known = cardTap({}, { terminal: { '9F8203': '5F249F07' } });
    expect(commandsOf(known, '32')).toEqual([]);
  });
});

const WRITES: How = {
  terminal: { BF8104: '9F811204A1A2A3A49F811302B1B2', '9F821F': '9F82049F821B' },
};

describe('WRITE DATA', () => {
  test('[C-8 S26 P2; C-8 write data order] is announced, and each says whether more follow', () => {
    const written = cardTap({}, WRITES);
    expect(written.generate?.p2).toBe('80');
    expect(commandsOf(written, '34').map((command) => command.slice(4, 8))).toEqual([
      '0080',
      '0000',
    ]);
    expect(written.discretionary).toMatchObject({ '9F821B': '80' });
    expect(written.result.outcome).toBe('approved');
    expect(cardTap().generate?.p2).toBe('00');
  });

  test('[C-8 write data message] "card read" is shown once all is written', () => {
    expect(cardTap({}, WRITES).ui).toMatchObject([
      { messageId: '1E', status: 'cardReadSuccessfully' },
    ]);
    expect(cardTap().ui).toHaveLength(1);
  });

  test('[C-8 write data clear text] nobody else reads what is written', () => {
    for (const command of commandsOf(cardTap({}, WRITES), '34')) {
      expect(command).not.toMatch(/A1A2A3A4|B1B2/);
    }
  });

  test.each([
    ['a wrong MAC', (response: Uint8Array) => flip(response, 0)],
    ['the MAC of another message', () => concat(new Uint8Array(8), hex('9000'))],
    ['a refusal', () => hex('6A80')],
    ['nothing', () => hex('9000')],
  ])('[C-8 write data failed] %s ends the writing, and the payment stands', (_, tampers) => {
    const odd = cardTap(
      { tampers: (response, at) => (at === 5 ? tampers(response) : response) },
      WRITES,
    );
    expect(commandsOf(odd, '34')).toHaveLength(1);
    expect(odd.discretionary).toMatchObject({ '9F821B': '00' });
    expect(odd.result.outcome).toBe('approved');
    expect(odd.ui).toHaveLength(1);
  });

  test('[C-8 write data L1] a card that leaves now has paid', () => {
    const torn = cardTap({ answers: { [WRITE_DATA]: 'timeout' } }, WRITES);
    expect(torn.discretionary).toMatchObject({ '9F821B': '00' });
    expect(torn.result.outcome).toBe('approved');
  });

  test.each([
    ['not proven', {}, { authentication: null }],
    ['not to be proven', { aip: '000B' }, {}],
  ])('[C-8 write data proven] nothing is written to a card that is %s', (_, story, how) => {
    const unproven = cardTap(story, { ...WRITES, ...how });
    expect(unproven.generate?.p2).toBe('80');
    expect(commandsOf(unproven, '34')).toEqual([]);
    expect(unproven.ui).toHaveLength(1);
  });
});

describe('data exchange with the terminal', () => {
  test('[C-8 S2 data needed] asks for lists that are there and empty, and takes what comes', () => {
    const asked: unknown[] = [];
    const exchanged = cardTap(
      { envelopes: ENVELOPES },
      {
        dataExchange: true,
        terminal: { '9F8203': '', BF8104: '' },
        play: {
          dataExchange: ({ needed, timeoutMs }) => {
            asked.push({ needed, timeoutMs });
            return new Map([
              [0x9f8203, hex('9F8111')],
              [0xbf8104, hex('9F81130101')],
              [0x9f33, hex('FFFFFF')],
            ]);
          },
        },
      },
    );
    expect(asked).toEqual([{ needed: [0x9f8203, 0xbf8104], timeoutMs: 500 }]);
    expect(commandsOf(exchanged, '32')).toHaveLength(1);
    expect(commandsOf(exchanged, '34')).toHaveLength(1);
    expect(exchanged.record['9F33']).toBe('200C10');
  });

  test('[C-8 first write flag] waits for the word to go on, and shows what was read', () => {
    const sent: string[][] = [];
    const waiting = (flags: readonly (string | null)[]) => {
      let asks = 0;
      return cardTap(
        { envelopes: ENVELOPES },
        {
          dataExchange: true,
          terminal: { '9F8202': '', '9F8203': '9F81115F24' },
          play: {
            dataExchange: ({ send }) => {
              sent.push(send.map(({ value }) => toHex(value)));
              const flag = flags[asks++] ?? null;
              return flag === null ? null : new Map([[0x9f8202, hex(flag)]]);
            },
          },
        },
      );
    };
    expect(waiting(['01']).result.outcome).toBe('approved');
    expect(sent).toEqual([['A1A2A3', '311231']]);
    expect(waiting(['00', '01']).result.outcome).toBe('approved');
    const late = waiting([null]);
    expect(late.result).toMatchObject({ outcome: 'endApplication', uiOnOutcome: null });
    expect(errorOf(late)).toBe('0000010000FF');
    expect(errorOf(waiting(['00', null]))).toBe('0000010000FF');
  });

  test('[C-8 first write flag] that says yes, or is not there, holds up nobody', () => {
    expect(cardTap({}, { dataExchange: true }).result.outcome).toBe('approved');
    const yes = cardTap({}, { dataExchange: true, terminal: { '9F8202': '01' } });
    expect(yes.result.outcome).toBe('approved');
  });
});

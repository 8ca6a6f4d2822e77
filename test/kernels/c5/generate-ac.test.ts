import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { answer, elementsOf, type Objects, why } from '#test/kernels/c3/support.ts';
import {
  CRYPTOGRAM,
  CVM_REQUIRED,
  LEGACY_FCI,
  LIVE,
  legacyCard,
  plainCard,
  READER,
  type Story,
  type Tap,
  tap,
} from './support.ts';

const cardRead = { messageId: '17', status: 'cardReadSuccessfully' };

describe('GENERATE AC', () => {
  it('[C-5 AC-2] carries what CDOL1 lists: amount, TVR, number, profile, CVM results', () => {
    expect(tap(plainCard()).commands.at(-1)).toBe(
      '80AE8000150000000012508000000000C0FFEE015000003F000000',
    );
  });

  it('[C-5 AC-2] without a CDOL1 that can be read: the next application', () => {
    expect(tap(plainCard({ record: { '8C': '9F' } })).result.outcome).toBe('selectNext');
    const long = plainCard({ record: { '8C': '9F02FF9F3704' } });
    expect(tap(long).result.outcome).toBe('selectNext');
  });

  it('[C-5 AC-3] 6986: see phone, field off, and the card once more', () => {
    expect(tap(plainCard({ generateAc: hex('6986') })).result).toMatchObject({
      outcome: 'tryAgain',
      start: 'B',
      uiOnOutcome: { messageId: '20', status: 'notReady', holdMs: 1300 },
      uiOnRestart: { messageId: '21', status: 'readyToRead' },
      fieldOffMs: 1300,
    });
  });

  it('[C-5 AC-4] 6984: the chip where there is a slot, the end where there is none', () => {
    const card = () => plainCard({ generateAc: hex('6984') });
    expect(tap(card(), { tip: READER.chip }).result).toMatchObject({
      outcome: 'tryAnotherInterface',
      alternateInterface: 'contactChip',
      uiOnOutcome: { messageId: '1D', status: 'readyToRead' },
    });
    expect(tap(card()).result).toMatchObject({
      outcome: 'endApplication',
      start: 'none',
      uiOnOutcome: { messageId: '1C' },
    });
  });

  it.each(['6985', '6A80', '6F00', '6283'])('[C-5 AC-5] %s: the next application', (status) => {
    const { result } = tap(plainCard({ generateAc: hex(status) }));
    expect(result).toMatchObject({ outcome: 'selectNext', start: 'C' });
  });
});

describe('the answer', () => {
  const declinedFor = (story: Story, how: Tap = {}) => {
    const { result } = tap(plainCard(story), how);
    expect(result).toMatchObject({
      outcome: 'declined',
      cvm: 'none',
      uiOnOutcome: { messageId: '07', status: 'cardReadSuccessfully' },
    });
    return result;
  };

  it.each<[string, Story]>([
    ['is empty', { generateAc: hex('9000') }],
    ['is another template', { generateAc: answer(0x70, {}) }],
    ['is no TLV', { generateAc: hex('77039F27009000') }],
    ['is in format 1', { generateAc: answer(0x80, hex(`80 0042 ${CRYPTOGRAM} 00`)) }],
    ['says something twice', { generateAc: answer(0x77, hex(`9F270180 9F270180`)) }],
    ['has a cryptogram of seven bytes', { cryptogram: { '9F26': '11223344556677' } }],
    ['has a balance that is no number', { cryptogram: { '9F5F': '00000000000A' } }],
  ])('[C-5 AC-6] that %s is declined', (_, story) => {
    declinedFor(story);
  });

  it.each(['9F27', '9F36', '9F26', '9F50', '9F10'])(
    '[C-5 AC-7] an ARQC without %s is declined',
    (tag) => {
      const result = declinedFor({ cryptogram: { [tag]: undefined } });
      expect(result.why.at(-1)?.element).toBe(tag);
    },
  );

  it.each(['9F36', '9F26', '9F50', '9F10'])(
    '[C-5 AC-7] what a record says of %s is no answer to this',
    (tag) => {
      const record = { [tag]: ({ ...LIVE, '9F26': CRYPTOGRAM } as Objects)[tag] };
      declinedFor({ record, cryptogram: { [tag]: undefined } });
    },
  );

  it('[C-5 AC-8] an AAC is declined, whatever else it says', () => {
    const result = declinedFor({ decides: () => 0x00, cryptogram: { '9F50': undefined } });
    expect(why(result)).toContain('AAC');
    expect(elementsOf(result.dataRecord)).toMatchObject({ '9F27': '00', '9F26': CRYPTOGRAM });
  });

  it('[C-5 AC-9] a TC where an ARQC was asked for is declined', () => {
    const result = declinedFor({ decides: () => 0x40 });
    expect(why(result)).toContain('ARQC was asked for');
  });

  it('[C-5 AC-9] a reserved type is declined', () => {
    declinedFor({ decides: () => 0xc0 });
  });

  it('[C-5 AC-10] a TC that nobody signed is declined', () => {
    const zeros = hex('0000000000');
    const options = { actionCodeOnline: zeros };
    const result = declinedFor({ record: { '9F0F': '0000000000' } }, { options });
    expect(why(result)).toContain('without a signature');
  });

  it('[C-5 AC-11] the shopper is told that the card was read', () => {
    expect(tap(plainCard()).ui).toMatchObject([cardRead]);
    expect(tap(plainCard({ decides: () => 0 })).ui).toMatchObject([cardRead]);
  });
});

describe('the limits that are looked at when the card has answered', () => {
  const limits = { transactionLimit: 1250, cdcvmTransactionLimit: 5000 };
  const lower = { transactionLimit: 5000, cdcvmTransactionLimit: 1250 };
  it.each([
    ['the transaction limit', '00', limits, 'selectNext'],
    ['another one counts', '31', limits, 'onlineRequest'],
    ['the limit with CDCVM', '31', lower, 'selectNext'],
    ['the other one counts', '00', lower, 'onlineRequest'],
    [
      'the limit with CDCVM, being the only one',
      '00',
      { cdcvmTransactionLimit: 1250 },
      'selectNext',
    ],
    ['none with CDCVM', '31', { transactionLimit: 1250 }, 'onlineRequest'],
    ['a cent more', '00', { transactionLimit: 1251 }, 'onlineRequest'],
  ])('[C-5 RISK-8] 12.50 reaches %s (status %s)', (_, status, options, outcome) => {
    const { result } = tap(plainCard({ cryptogram: { '9F50': status } }), { options });
    expect(result.outcome).toBe(outcome);
  });
});

describe('cardholder verification', () => {
  it.each([
    ['00', 'noCvm', '1F0002', '1B'],
    ['10', 'obtainSignature', '1E0000', '1B'],
    ['20', 'onlinePin', '020000', '09'],
    ['30', 'confirmationCodeVerified', '010002', '1B'],
    ['31', 'confirmationCodeVerified', '010002', '1B'],
    ['3F', 'confirmationCodeVerified', '010002', '1B'],
  ])('[C-5 CVM-1] status %s: %s', (status, cvm, results, messageId) => {
    const { result } = tap(plainCard({ cryptogram: { '9F50': status } }), { tip: READER.pin });
    expect(result).toMatchObject({ outcome: 'onlineRequest', cvm, uiOnOutcome: { messageId } });
    expect(elementsOf(result.dataRecord)['9F34']).toBe(results);
  });

  it.each(['01', '11', '21', '40', 'FF', '80'])(
    '[C-5 CVM-2] status %s has no meaning, and is declined',
    (status) => {
      const { result } = tap(plainCard({ cryptogram: { '9F50': status } }), { tip: READER.pin });
      expect(result.outcome).toBe('declined');
    },
  );

  it('[C-5 CVM-3] none, where it is required, is declined', () => {
    const { result } = tap(plainCard(), { tip: READER.pin, flags: CVM_REQUIRED });
    expect(result.outcome).toBe('declined');
  });

  it.each(['10', '20', '31'])('[C-5 CVM-4] %s, which this reader does not know', (status) => {
    const card = plainCard({ cryptogram: { '9F50': status } });
    expect(tap(card, { tip: READER.none }).result.outcome).toBe('declined');
  });

  it.each(['00', '10', '31', 'FF'])('[C-5 CVM-5] %s at a transit gate: none', (status) => {
    const card = plainCard({ cryptogram: { '9F50': status } });
    const { result } = tap(card, { tip: '040000', flags: CVM_REQUIRED });
    expect(result).toMatchObject({ outcome: 'onlineRequest', cvm: 'noCvm' });
  });
});

describe('legacy mode', () => {
  const legacy = (story: Story = {}, how: Tap = {}) =>
    tap(legacyCard(story), { fci: LEGACY_FCI, options: { legacyMode: true }, ...how });

  it('[C-5 LEGACY-1] is an ARQC without signature, in format 1', () => {
    const { result, commands } = legacy({ aip: '1900' });
    expect(commands.at(-1)?.slice(0, 8)).toBe('80AE8000');
    expect(result).toMatchObject({ outcome: 'onlineRequest', cvm: 'noCvm' });
    expect(elementsOf(result.dataRecord)).toMatchObject({
      '9F26': CRYPTOGRAM,
      '9F27': '80',
      '9F36': '0042',
      '95': '8000008000',
      '9F39': '07',
    });
  });

  it.each<[string, Story]>([
    ['a TC', { generateAc: answer(0x80, hex(`40 0042 ${CRYPTOGRAM}`)) }],
    ['an AAC', { generateAc: answer(0x80, hex(`00 0042 ${CRYPTOGRAM}`)) }],
    ['format 2', { generateAc: answer(0x77, { '9F27': '80', '9F26': CRYPTOGRAM, ...LIVE }) }],
    ['too little', { generateAc: answer(0x80, hex('80 0042 1122')) }],
    ['too much', { generateAc: answer(0x80, hex(`80 0042 ${CRYPTOGRAM} ${'00'.repeat(33)}`)) }],
  ])('[C-5 LEGACY-2] %s is declined', (_, story) => {
    expect(legacy(story).result.outcome).toBe('declined');
  });

  it.each([
    ['0000000000000000 4203 1E03', READER.pin, 'onlinePin'],
    ['0000000000000000 4203 1E03', READER.plain, 'obtainSignature'],
    ['0000000000000000 5E05 4203', READER.pin, 'obtainSignature'],
    ['0000000000000000 0203', READER.plain, 'none'],
    ['0000000000000000 1F03', READER.pin, 'none'],
    [undefined, READER.pin, 'none'],
  ])('[C-5 LEGACY-3] list %s with %s, where verification is required: %s', (list, tip, cvm) => {
    const { result } = legacy({ record: { '8E': list } }, { tip, flags: CVM_REQUIRED });
    expect(result).toMatchObject({ outcome: cvm === 'none' ? 'declined' : 'onlineRequest', cvm });
  });
});

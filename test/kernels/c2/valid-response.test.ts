import { describe, expect, it } from 'vitest';
import {
  errorOf,
  fciOf,
  field,
  type How,
  type Objects,
  plainTap,
  READER,
  RECORD,
  type Story,
} from './support.ts';

/** No action code says anything: the terminal asks for an approval. */
const OFFLINE: Objects = { DF8120: '0000000000', DF8121: '0000000000', DF8122: '0000000000' };

const approving = (story: Story = {}, terminal: Objects = {}) =>
  plainTap(story, { terminal: { ...OFFLINE, ...terminal } });

describe('the outcome follows the cryptogram (S910)', () => {
  it('[C-2 S910 TC] approved', () => {
    expect(approving().result).toMatchObject({
      outcome: 'approved',
      start: 'none',
      cvm: 'noCvm',
      uiOnOutcome: { messageId: '03', status: 'notReady', holdMs: 1300 },
      uiOnRestart: null,
      onlineResponseType: 'none',
      alternateInterface: 'none',
      removalTimeoutMs: 0,
    });
  });

  it('[C-2 S910 TC signature] approved, please sign', () => {
    const played = approving({}, { '9F02': '000000020000', DF8118: '20' });
    expect(played.result).toMatchObject({
      outcome: 'approved',
      cvm: 'obtainSignature',
      receipt: true,
      uiOnOutcome: { messageId: '1A', holdMs: 1300 },
    });
  });

  it('[C-2 S910 ARQC] online request', () => {
    expect(plainTap().result).toMatchObject({
      outcome: 'onlineRequest',
      start: 'none',
      onlineResponseType: 'none',
      uiOnOutcome: { messageId: '1B', status: 'notReady', holdMs: 0 },
    });
  });

  it('[C-2 S910 AAC] declined at a terminal that takes contactless alone', () => {
    const played = plainTap({ cryptogram: { '9F27': '00' } });
    expect(played.result).toMatchObject({
      outcome: 'declined',
      uiOnOutcome: { messageId: '07', status: 'notReady', holdMs: 1300 },
    });
    expect(played.result.why.at(-1)?.why).toContain('declined');
  });

  it('[C-2 S910 AAC contact] "please insert card" where there is a slot for it', () => {
    for (const type of ['00', '01', '09', '17']) {
      const terminal = { DF8117: '20', '9C': type };
      const played = plainTap({ cryptogram: { '9F27': '00' } }, { terminal });
      expect(played.result).toMatchObject({
        outcome: 'tryAnotherInterface',
        alternateInterface: 'none',
        uiOnOutcome: { messageId: '1D', holdMs: 1300 },
      });
    }
  });

  it('[C-2 S910 AAC device] declined for what has no chip to insert', () => {
    const device = (thirdParty: string) =>
      plainTap(
        { cryptogram: { '9F27': '00' } },
        { fci: fciOf({}, { '9F6E': thirdParty }), terminal: { DF8117: '20' } },
      ).result.outcome;
    expect(device('084000003031')).toBe('declined');
    expect(device('084000003030')).toBe('tryAnotherInterface');
    // The unique identifier's first bit says that there is no device type; or it is cut off.
    expect(device('084080003031')).toBe('tryAnotherInterface');
    expect(device('0840000030')).toBe('tryAnotherInterface');
  });

  it('[C-2 S910 AAC refund] only the end of the card’s part in a refund', () => {
    const terminal = { '9C': '20', DF8117: '20' };
    expect(plainTap({ cryptogram: { '9F27': '00' } }, { terminal }).result).toMatchObject({
      outcome: 'endApplication',
      start: 'none',
      uiOnOutcome: { messageId: '1E', holdMs: 0 },
    });
  });

  it('[C-2 S910 field off] with the field off for a card that wants it', () => {
    const fci = fciOf({}, { '9F5D': '000400' });
    expect(plainTap({}, { fci }).result.fieldOffMs).toBe(1300);
  });
});

describe('the phone has a say (S910)', () => {
  const phone = (interaction: string, how: How = {}, cid = '80') =>
    plainTap({ gpo: { '82': '1A80' }, cryptogram: { '9F27': cid, DF4B: interaction } }, how);

  it('[C-2 S910 second tap] "see phone", and the same payment with a second tap', () => {
    const played = phone('000100');
    expect(played.result).toMatchObject({
      outcome: 'endApplication',
      start: 'B',
      uiOnOutcome: null,
      uiOnRestart: { messageId: '20', status: 'readyToRead', holdMs: 0 },
    });
    expect(played.ui).toMatchObject([
      { messageId: '1E', status: 'cardReadSuccessfully' },
      { messageId: '20', status: 'notReady', holdMs: 1300 },
    ]);
    expect(played.record['9F36']).toBe('0042');
    expect(errorOf(played)).toBe('0000000000FF');
  });

  it('[C-2 S910 second tap] whatever the cryptogram', () => {
    for (const cid of ['00', '40', '80']) {
      const terminal = OFFLINE;
      expect(phone('000100', { terminal }, cid).result.start).toBe('B');
    }
  });

  it('[C-2 S910 phone when] if the phone asks for it, for a new PIN, or for its wallet', () => {
    const asks = ['000100', '000200', '000001', '000002', '000004', '000008'];
    for (const interaction of asks) expect(phone(interaction).result.start).toBe('B');
    for (const interaction of ['000000', '001000', '000400', '000800', 'FFFC00', '0000F0']) {
      expect(phone(interaction).result.outcome).toBe('onlineRequest');
    }
  });

  it('[C-2 S910 phone table] with the first message of the table that fits', () => {
    const shown = (interaction: string, how: How = {}) =>
      phone(interaction, how).result.uiOnRestart?.messageId ?? null;
    expect(shown('000001')).toBe('20');
    expect(shown('000200')).toBe('20');
    expect(shown('000002')).toBe('07');
    const terminal = { DF8131: '0001000001001D02 0001000000002001' };
    expect(shown('000100', { terminal })).toBe('1D');
    expect(phone('000100', { terminal }).ui[1]?.status).toBe('readyToRead');
    expect(shown('000200', { terminal })).toBe('20');
  });

  it('[C-2 S910 phone no row] waits for the second tap without a message if none fits', () => {
    const played = phone('000100', { terminal: { DF8131: '' } });
    expect(played.result).toMatchObject({ outcome: 'endApplication', start: 'B' });
    expect(played.result.uiOnRestart?.messageId).toBeNull();
  });
});

describe('what goes with the outcome', () => {
  it('[C-2 OUT data record] holds what is there, in the book’s order', () => {
    const fci = fciOf({ '9F12': '4D43', '9F11': '01' });
    const { result } = plainTap(
      {},
      { fci, terminal: { '9F53': '52', '9F1E': '3132333435363738' } },
    );
    expect(result.dataRecord.map(({ tag }) => tag.toString(16).toUpperCase())).toEqual(
      (
        '9F02 9F03 9F26 5F24 82 50 5A 5F34 9F12 9F36 9F07 9F09 9F27 9F34 84 9F1E 9F10 9F11 ' +
        '9F33 9F1A 9F35 95 57 9F53 5F2A 9A 9C 9F37'
      ).split(' '),
    );
  });

  it('[C-2 OUT data record] is there for every cryptogram, and for no error', () => {
    for (const cid of ['00', '40', '80']) {
      expect(approving({ cryptogram: { '9F27': cid } }).record['5A']).toBe(RECORD['5A']);
    }
    expect(plainTap({ cryptogram: { '9F36': undefined } }).result.dataRecord).toEqual([]);
  });

  it('[C-2 OUT discretionary data] holds capabilities, currency, error, third party data', () => {
    const fci = fciOf({}, { '9F5D': '000000', '9F6E': '0840000030300000' });
    const { result } = plainTap({}, { fci });
    expect(result.discretionaryData.map(({ tag }) => tag.toString(16).toUpperCase())).toEqual([
      '9F5D',
      '9F42',
      'DF8115',
      '9F6E',
    ]);
  });

  it('[C-2 config] what is configured counts, and a default where nothing is', () => {
    const asking: Story = { record: { '8C': '9F09029F1A029F3501' } };
    expect(field(plainTap(asking), 0, 5)).toBe('0002084022');
    const bare = { '9F1A': undefined, '9F35': undefined };
    expect(field(plainTap(asking, { terminal: bare }), 0, 5)).toBe('0002000000');
    const nothing: Objects = Object.fromEntries(Object.keys(READER).map((tag) => [tag, undefined]));
    // Limits of zero: no amount may be paid.
    const played = plainTap(
      {},
      { terminal: { ...nothing, '9F02': '000000000001', '9A': '260615' } },
    );
    expect(played.result.outcome).toBe('selectNext');
  });

  it('[C-2 config hold time] messages are held for as long as configured', () => {
    expect(approving({}, { DF812D: '000022' }).result.uiOnOutcome?.holdMs).toBe(2200);
  });

  it('[C-2 TVR] a report says how it went, for replay and log', () => {
    const { result, record } = plainTap();
    expect(result.report).toMatchObject({ oda: 'not performed' });
    expect(
      Buffer.from(result.report?.tvr ?? [])
        .toString('hex')
        .toUpperCase(),
    ).toBe(record['95']);
  });
});

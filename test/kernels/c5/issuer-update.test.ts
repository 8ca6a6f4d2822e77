import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { answer, elementsOf, type Objects, tlvs, why } from '#test/kernels/c3/support.ts';
import { CRYPTOGRAM, plainCard, type Tap, tap, tvrOf } from './support.ts';

const DELIVERS = '508000';

const first = (update: string | undefined, how: Tap = {}) =>
  tap(plainCard({ cryptogram: { '9F60': update } }), { tip: DELIVERS, ...how });

describe('an issuer that may have something for the card', () => {
  it('[C-5 UPDATE-1] lets the shopper hold it there while the host is asked', () => {
    const { result, ui } = first('01');
    expect(result).toMatchObject({
      outcome: 'onlineRequest',
      start: 'D',
      onlineResponseType: 'any',
      uiOnOutcome: { messageId: '1B', status: 'processing' },
      uiOnRestart: { messageId: '16', status: 'processing' },
      removalTimeoutMs: 10_000,
      fieldOffMs: null,
    });
    // Nobody is told to take it away.
    expect(ui).toEqual([]);
  });

  it('[C-5 UPDATE-1] for as long as is configured', () => {
    const { result } = first('01', { options: { removalTimeoutMs: 4000 } });
    expect(result.removalTimeoutMs).toBe(4000);
  });

  it('[C-5 UPDATE-2] or wants it presented again', () => {
    const { result, ui } = first('02');
    expect(result).toMatchObject({
      outcome: 'onlineRequest',
      start: 'B',
      onlineResponseType: 'emvData',
      uiOnOutcome: { messageId: '1B', status: 'cardReadSuccessfully' },
      uiOnRestart: { messageId: '21', status: 'readyToRead' },
    });
    expect(ui).toMatchObject([{ messageId: '17' }]);
  });

  it.each(['00', '03', undefined])('[C-5 UPDATE-3] or says %s: neither', (update) => {
    expect(first(update).result).toMatchObject({ start: 'none', onlineResponseType: 'none' });
  });

  it('[C-5 UPDATE-3] neither, where the reader delivers nothing', () => {
    expect(first('01', { tip: '500000' }).result).toMatchObject({ start: 'none' });
  });
});

const SCRIPT = '84240000080011223344556677';
const script = (template: '71' | '72', ...commands: readonly string[]) =>
  toHex(tlvs({ [template]: commands.map((one) => toHex(tlvs({ '86': one }))).join('') }));

const AUTHENTICATION = '910A11223344556677883030';
const code = (text: string) => toHex(tlvs({ '8A': Buffer.from(text).toString('hex') }));
const second = (type: string, more: Objects = {}) =>
  answer(0x77, { '9F27': type, '9F36': '0042', '9F26': '8877665544332211', ...more });

/** The second half of a payment whose first half ended in an online request. */
const deliver = (
  onlineResponse: string,
  later: readonly Uint8Array[],
  cryptogram: Objects = {},
) => {
  const before = tap(plainCard({ cryptogram: { '9F60': '02', ...cryptogram } }), {
    tip: DELIVERS,
    terminal: { '9F37': '00000000' },
  }).result.report?.known;
  const answers = [...later];
  return tap(() => answers.shift() ?? hex('9000'), {
    tip: DELIVERS,
    onlineResponse,
    ...(before === undefined ? {} : { before }),
  });
};

const none = { outcome: 'endApplication', start: 'none', uiOnOutcome: null, dataRecord: [] };

describe('issuer update', () => {
  it('[C-5 UPDATE-4] gives the host’s word to the card, which approves', () => {
    const { result, commands } = deliver(`${code('00')}${AUTHENTICATION}`, [second('40')]);
    // 8A, 91, the first half's random number and TVR.
    expect(commands).toEqual([
      '80AE400015' + '3030' + '11223344556677883030' + 'C0FFEE01' + '8000000000' + '00',
    ]);
    expect(result).toMatchObject({ outcome: 'approved', uiOnOutcome: { messageId: '03' } });
    expect(elementsOf(result.dataRecord)).toMatchObject({
      '9F26': '8877665544332211',
      '9F27': '40',
      '9F34': '1F0002',
      '57': expect.stringContaining('3566'),
    });
  });

  it.each(['00', '10', '11', '01', '02'])('[C-5 UPDATE-5] %s asks for a TC', (text) => {
    const { commands } = deliver(`${code(text)}${AUTHENTICATION}`, [second('40')]);
    expect(commands[0]?.slice(0, 8)).toBe('80AE4000');
  });

  it.each(['05', '08', '51', 'Z3'])('[C-5 UPDATE-5] %s asks for an AAC', (text) => {
    const { commands, result } = deliver(`${code(text)}${AUTHENTICATION}`, [second('00')]);
    expect(commands[0]?.slice(0, 8)).toBe('80AE0000');
    expect(result).toMatchObject({ outcome: 'declined', uiOnOutcome: { messageId: '07' } });
  });

  it.each([
    ['00', '00', 'the card declined'],
    ['00', '80', 'not the cryptogram asked for'],
    ['05', '40', 'not the cryptogram asked for'],
    ['05', '80', 'not the cryptogram asked for'],
  ])('[C-5 UPDATE-6] code %s answered by type %s is declined', (text, type, says) => {
    const { result } = deliver(`${code(text)}${AUTHENTICATION}`, [second(type)]);
    expect(result.outcome).toBe('declined');
    expect(why(result)).toContain(says);
  });

  it('[C-5 UPDATE-7] runs scripts 71 before it and 72 after it', () => {
    const early = script('71', `${SCRIPT}71`, `${SCRIPT}AA`);
    const data = `${script('72', `${SCRIPT}72`)}${code('00')}${early}`;
    const { commands, result } = deliver(data, [hex('9000'), hex('6300'), second('40')]);
    expect(commands.map((one) => one.slice(-2))).toEqual(['71', 'AA', '00', '72']);
    expect(result.outcome).toBe('approved');
    expect(tvrOf(result)).toBe('8000000000');
  });

  it('[C-5 UPDATE-8] a script 71 that fails is told to the card, one 72 to the log alone', () => {
    const data = `${code('00')}${AUTHENTICATION}${script('71', SCRIPT)}${script('72', SCRIPT)}`;
    const { commands, result } = deliver(data, [hex('6A80'), second('40'), hex('6982')]);
    expect(commands[1]).toContain('8000000020');
    expect(tvrOf(result)).toBe('8000000030');
    expect(result.outcome).toBe('approved');
    expect(why(result)).toContain('6A80');
    expect(why(result)).toContain('6982');
  });

  it('[C-5 UPDATE-9] scripts 71 alone need no second cryptogram', () => {
    const { commands, result } = deliver(`${code('00')}${script('71', SCRIPT)}`, []);
    expect(commands).toEqual([SCRIPT]);
    expect(result).toMatchObject(none);
  });

  it.each([
    ['nothing but a response code', code('00')],
    ['no response code', AUTHENTICATION],
    ['no TLV', '8A0230'],
    ['nothing', ''],
  ])('[C-5 UPDATE-10] ends without a word where the host sent %s', (_, data) => {
    const { commands, result } = deliver(data, []);
    expect(commands).toEqual([]);
    expect(result).toMatchObject(none);
  });

  it.each<[string, string, Uint8Array | 'timeout']>([
    ['goes away', AUTHENTICATION, 'timeout'],
    ['refuses', AUTHENTICATION, hex('6985')],
    ['answers no TLV', AUTHENTICATION, hex('7705 9F27')],
    ['leaves out the cryptogram', AUTHENTICATION, second('40', { '9F26': undefined })],
    ['goes away at a script', script('71', SCRIPT), 'timeout'],
  ])('[C-5 UPDATE-11] a card that %s ends it: what the host said stands', (_, data, given) => {
    const before = first('02').result.report?.known;
    const { result } = tap(() => given, {
      tip: DELIVERS,
      onlineResponse: `${code('00')}${data}`,
      ...(before ? { before } : {}),
    });
    expect(result).toMatchObject(none);
  });

  it('[C-5 UPDATE-12] needs CDOL2, and what the first half knew', () => {
    const withoutCdol2 = tap(plainCard({ record: { '8D': undefined } })).result.report?.known;
    for (const before of [withoutCdol2, () => undefined]) {
      const { result, commands } = tap(() => second('40'), {
        onlineResponse: `${code('00')}${AUTHENTICATION}`,
        ...(before ? { before } : {}),
      });
      expect(result).toMatchObject(none);
      expect(commands).toEqual([]);
    }
  });

  it('[C-5 UPDATE-13] keeps the signature on paper that the first half asked for', () => {
    const data = `${code('00')}${AUTHENTICATION}`;
    const { result } = deliver(data, [second('40')], { '9F50': '10' });
    expect(result).toMatchObject({ cvm: 'obtainSignature', uiOnOutcome: { messageId: '1A' } });
    expect(CRYPTOGRAM).not.toBe('8877665544332211');
  });
});

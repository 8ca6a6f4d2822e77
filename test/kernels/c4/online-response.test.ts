import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import {
  CHIP,
  DECLINED,
  type How,
  type Objects,
  OVER,
  plainTap,
  tap,
  WITH_CONTACT,
} from './support.ts';

const NO_CARD = () => {
  throw new Error('the card has left');
};

interface Story {
  readonly gpo?: Objects;
  readonly record?: Objects;
  readonly how?: How;
}

/** The host's answer to a tap that went online. */
const answered = (response: string, { gpo = {}, record = {}, how = {} }: Story = {}) => {
  const first = plainTap({ gpo, record }, how);
  expect(first.result.outcome).toBe('onlineRequest');
  const before = first.result.report?.known;
  const onlineResponse = hex(response);
  return tap(NO_CARD, {
    ...how,
    fci: new Uint8Array(0),
    more: { start: 'D', restart: true, onlineResponse, ...(before ? { before } : {}) },
  });
};

const ascii = (code: string) => `8A02${toHex(new TextEncoder().encode(code))}`;

describe("the host's answer at Start D", () => {
  it.each(['00', '08', '10', '11'])('[C-4 HOST-1] %s approves, without a command', (code) => {
    const { result, commands } = answered(ascii(code));
    expect(result).toMatchObject({
      outcome: 'approved',
      start: 'none',
      uiOnOutcome: { messageId: '03', status: 'cardReadSuccessfully', language: 'enes' },
      dataRecord: [],
    });
    expect(commands).toEqual([]);
  });

  it('[C-4 HOST-1] with a signature, if that is how the holder is verified', () => {
    const story = { record: { '8E': '00000000000000001E00' }, how: { preprocessing: OVER } };
    expect(answered(ascii('00'), story).result).toMatchObject({
      outcome: 'approved',
      cvm: 'obtainSignature',
      uiOnOutcome: { messageId: '1A' },
    });
  });

  it.each([
    ['05', ascii('05')],
    ['51', ascii('51')],
    ['no code', '91081122334455667788'],
    ['nothing', ''],
    ['a code of one character', '8A0130'],
    ['what is no TLV', '8A05'],
  ])('[C-4 HOST-2] %s declines', (_, response) => {
    expect(answered(response, { how: { terminal: WITH_CONTACT } }).result).toMatchObject(DECLINED);
  });

  it('[C-4 HOST-3] 12 leads to the contact chip, else it is declined', () => {
    const how = { terminal: WITH_CONTACT };
    expect(answered(ascii('12'), { how }).result).toMatchObject(CHIP);
    expect(answered(ascii('12')).result).toMatchObject(DECLINED);
    expect(answered(ascii('12'), { how, gpo: { '82': '18C0' } }).result).toMatchObject(DECLINED);
    expect(answered(ascii('12'), { how, record: { '9F70': '1000' } }).result).toMatchObject(
      DECLINED,
    );
  });

  it('[C-4 HOST-4] 13 asks for the PIN where reader and card know online PIN', () => {
    const { result } = answered(ascii('13'));
    expect(result).toMatchObject({
      outcome: 'requestOnlinePin',
      start: 'D',
      onlineResponseType: 'any',
      cvm: 'onlinePin',
      uiOnOutcome: { messageId: '09', status: 'processing' },
    });
    const before = result.report?.known ?? (() => undefined);
    const again = tap(NO_CARD, {
      fci: new Uint8Array(0),
      more: { start: 'D', onlineResponse: hex(ascii('00')), before },
    });
    expect(again.result.outcome).toBe('approved');
  });

  it('[C-4 HOST-4] else it leads to the contact chip, or is declined', () => {
    const noPin = { how: { terminal: { '9F6E': '18A00003' } } };
    expect(answered(ascii('13'), noPin).result).toMatchObject(DECLINED);
    const noRule = { record: { '8E': '00000000000000001E031F03' } };
    expect(answered(ascii('13'), noRule).result).toMatchObject(DECLINED);
    expect(
      answered(ascii('13'), { ...noRule, how: { terminal: WITH_CONTACT } }).result,
    ).toMatchObject(CHIP);
  });

  it('[C-4 HOST-5] what it wants to know again is no account number', () => {
    const known = plainTap().result.report?.known;
    const asked = new Set<number>();
    const before = (wanted: number) => {
      asked.add(wanted);
      return known?.(wanted);
    };
    const more = { start: 'D', onlineResponse: hex(ascii('00')), before } as const;
    tap(NO_CARD, { fci: new Uint8Array(0), more });
    expect([...asked].sort((a, b) => a - b)).toEqual([0x82, 0x8e, 0x5f2d, 0x9f34, 0x9f70]);
  });
});

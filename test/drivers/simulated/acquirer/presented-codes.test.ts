import { expect, test } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import { cardCode, memoryStore } from '#drivers/simulated/index.ts';
import type { FieldValue, Message } from '#iso8583/index.ts';
import { consumerAccount, consumerIccData, decodeConsumerCode } from '#qr/index.ts';
import { type Desk, openDesk, paying } from './messages.ts';

/** A payment with a phone's code, as an acquirer gets it: DE 22 03x, DE 55 of the code alone. */
const byCode = (
  text: string,
  amountMinor: number,
  changed: readonly (readonly [number, FieldValue])[] = [],
): Message => {
  const code = decodeConsumerCode(text);
  const application = isMalformed(code) ? undefined : code.applications[0];
  const account = application && consumerAccount(application);
  if (application === undefined || account === undefined) throw new Error('no code');
  const fields: readonly (readonly [number, FieldValue])[] = [
    [2, account.pan],
    [22, '032'],
    [23, '000'],
    [35, account.track2?.replace('D', '=') ?? ''],
    [55, consumerIccData(application)],
    ...changed,
  ];
  return paying(amountMinor, { withoutIcc: true, fields });
};

const shown = (store = memoryStore()): string => {
  const text = cardCode('visa-phone', { store });
  if (typeof text !== 'string') throw new Error(text.problem);
  return text;
};

const booked = (desk: Desk) => desk.ledger.entries().at(-1);

test('a code that a phone shows pays, and the ledger says by which rule', async () => {
  const desk = openDesk();
  expect(await desk.code(byCode(shown(), 1250))).toBe('00');
  expect(booked(desk)).toMatchObject({
    arqcVerified: true,
    cryptogramStandIn: 'our stand-in for consumer-presented codes',
  });
});

test('a code pays once, and a tap of the same phone does not bring it back', async () => {
  const desk = openDesk();
  const text = shown();
  expect(await desk.code(byCode(text, 1250))).toBe('00');
  expect(await desk.code(byCode(text, 300))).toBe('63');
});

test('what the code says must be of the account in DE 2', async () => {
  const desk = openDesk();
  expect(await desk.code(byCode(shown(), 1250, [[2, '4761739001010010']]))).toBe('30');
});

test('the data of a code are no tap: without DE 22 03x they pay nothing', async () => {
  expect(await openDesk().code(byCode(shown(), 1250, [[22, '072']]))).toBe('30');
});

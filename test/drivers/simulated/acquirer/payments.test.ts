import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { isFault } from '#ports/fault.ts';
import { type Authorisation, createUplink } from '#uplink/index.ts';
import { clock, config, counter, memoryLog, payment, VISA } from '../../../uplink/support.ts';
import { everythingIn, linkTo, openShop, type Shop } from './support.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop({ answerWithinMs: 700 });
});
afterEach(async () => {
  const kept = `${await everythingIn(shop.stateDir)}\n${shop.log.lines.join('\n')}`;
  await shop.end();
  expect(kept).not.toContain(VISA);
  expect(kept).not.toMatch(/4761739001010119|D2812201|=2812201/);
});

const pay = (...tap: Parameters<typeof payment>): Promise<Authorisation> =>
  shop.uplink.authorise(payment(...tap), new AbortController().signal);
const patiently = { timeout: 4_000 };
const booked = () => shop.acquirer.last(100);
const settled = () => shop.until(({ openReversals }) => openReversals === 0);

test('a payment is approved because the issuer verified the card', async () => {
  const answer = await pay(1250, 1);
  expect(answer).toMatchObject({ approved: true, authorisationCode: '000001' });
  // Visa CVN 10 answers with 8 bytes of ARPC and the response code.
  expect(isFault(answer) ? 0 : answer.issuerData?.length).toBe(12);
  expect(booked()).toMatchObject([
    {
      pan: '476173******0119',
      amountMinor: 1250,
      currency: '840',
      responseCode: '00',
      arqcVerified: true,
      cvn: 10,
      atc: '0001',
      reversed: false,
    },
  ]);
});

test.each([
  [10_000, '840', '00'],
  [10_001, '840', '51'],
  [2_005, '840', '05'],
  [2_050, '840', '00'],
  // 100,001 yen have no cents.
  [100_001, '392', '00'],
])('%i of currency %s is answered %s', async (amount, currency, code) => {
  expect(await pay(amount, 1, { currency })).toMatchObject({ responseCode: code });
  expect(booked()).toMatchObject([{ responseCode: code, arqcVerified: true }]);
});

test('an approval that the terminal cannot complete is off the books again', async () => {
  const answer = await pay(1250, 1);
  if (isFault(answer)) throw new Error(answer.detail);
  expect(booked()).toMatchObject([{ responseCode: '00', reversed: false }]);
  shop.uplink.takeBack(answer);
  expect(await shop.uplink.settled(4_000)).toBe(true);
  expect(booked()).toMatchObject([{ responseCode: '00', reversed: true }]);
  expect(await pay(990, 2)).toMatchObject({ approved: true });
});

test('a host that was slow and is well again does not hold up the next payment', async () => {
  await shop.end();
  // Pauses so long that only the next payment can send the reversal again.
  shop = await openShop({ answerWithinMs: 300, repeatAfterMs: { first: 60_000, last: 60_000 } });
  shop.acquirer.slow(60_000);
  expect(await pay(1250, 1)).toMatchObject({ fault: 'timeout' });
  await expect.poll(() => booked()[0]?.reversed, patiently).toBe(true);
  shop.acquirer.slow(0);
  expect(await pay(990, 2)).toMatchObject({ approved: true });
});

test('a wrong cryptogram is refused, and the ledger says why', async () => {
  expect(await pay(1250, 1, { wrong: true })).toMatchObject({
    approved: false,
    responseCode: '82',
  });
  expect(booked()).toMatchObject([{ arqcVerified: false, why: expect.stringMatching(/CVN 10/) }]);
});

test('a cryptogram over another amount than is charged is refused', async () => {
  const tap = { ...payment(1250, 1), amountMinor: 1251 };
  expect(await shop.uplink.authorise(tap, new AbortController().signal)).toMatchObject({
    responseCode: '30',
  });
  expect(booked()).toMatchObject([{ why: 'DE 4 is not 9F02' }]);
});

test('a cryptogram that was used before is refused', async () => {
  await pay(1250, 7);
  expect(await pay(1250, 7)).toMatchObject({ approved: false, responseCode: '63' });
  expect(await pay(1250, 8)).toMatchObject({ approved: true });
});

test('a slow host is given up on; the reversal arrives and the ledger shows it', async () => {
  shop.acquirer.slow(1_000);
  expect(await pay(1250, 1)).toMatchObject({ fault: 'timeout' });
  await settled();
  expect(booked()).toMatchObject([{ responseCode: '00', reversed: true }]);
  expect(shop.acquirer.status().reversals).toBe(1);
});

test('an absent host is a fault at once, and paid at again when it is back', async () => {
  await shop.acquirer.absent();
  await shop.until(({ link }) => link.link === 'down');
  const before = performance.now();
  expect(await pay(1250, 1)).toMatchObject({ fault: 'linkDown' });
  expect(performance.now() - before).toBeLessThan(200);
  await shop.acquirer.present();
  await shop.until(({ link }) => link.link === 'up');
  expect(await pay(1250, 2)).toMatchObject({ approved: true });
});

describe('when the host goes wrong on command', () => {
  test.each([
    ['silent', 'timeout'],
    ['wrong-id', 'timeout'],
    ['malformed', 'timeout'],
    ['late', 'timeout'],
    ['half-sent', 'linkDown'],
    ['drop-after-record', 'linkDown'],
  ] as const)('%s: the payment fails and is off the books', async (name, kind) => {
    shop.acquirer.goWrong(name, 1, 1_000);
    expect(await pay(1250, 1)).toMatchObject({ fault: kind });
    await settled();
    expect(booked()).toMatchObject([{ responseCode: '00', reversed: true }]);
    expect(await pay(990, 2)).toMatchObject({ approved: true });
  });

  test('a connection that ends before anything is booked leaves nothing to take back', async () => {
    shop.acquirer.goWrong('drop-before-record', 1, 0);
    expect(await pay(1250, 1)).toMatchObject({ fault: 'linkDown' });
    await settled();
    expect(booked()).toEqual([]);
    expect(shop.acquirer.status()).toMatchObject({ payments: 0, reversals: 1 });
  });

  test('an answer that comes twice counts once', async () => {
    shop.acquirer.goWrong('duplicate', 1, 0);
    expect(await pay(1250, 1)).toMatchObject({ approved: true });
    expect(await pay(990, 2)).toMatchObject({ approved: true });
    expect(shop.log.lines.join('\n')).toContain('nobody waits for this message');
    expect(booked().map(({ reversed }) => reversed)).toEqual([false, false]);
  });
});

test('a request that arrives twice is booked once and answered the same', async () => {
  const answers: Uint8Array[] = [];
  const sent: Uint8Array[] = [];
  const uplink = createUplink({
    link: {
      ...shop.link,
      send: (message) => {
        sent.push(message);
        return shop.link.send(message);
      },
    },
    clock,
    log: memoryLog(),
    config,
    nextStan: counter(),
  });
  const listening = shop.link.received$.subscribe((answer) => answers.push(answer));
  await uplink.authorise(payment(1250, 1), new AbortController().signal);
  await shop.link.send(sent[0] ?? hex(''));
  await expect.poll(() => answers, patiently).toHaveLength(2);
  listening.unsubscribe();
  expect(answers[1]).toEqual(answers[0]);
  expect(booked()).toHaveLength(1);
});

test('garbage from one terminal does not disturb another', async () => {
  const stranger = linkTo(shop.acquirer.certificates, shop.acquirer.port);
  await expect.poll(() => stranger.send(hex('DEADBEEF')), patiently).toBeUndefined();
  await expect.poll(() => shop.acquirer.status().garbage, patiently).toBe(1);
  expect(await pay(1250, 1)).toMatchObject({ approved: true });
  await stranger.close();
});

test('a restart keeps the books: what was used stays used', async () => {
  await pay(1250, 1);
  await shop.restart();
  expect(booked()).toMatchObject([{ amountMinor: 1250, responseCode: '00' }]);
  expect(await pay(1250, 1)).toMatchObject({ responseCode: '63' });
  expect(await pay(1250, 2)).toMatchObject({ approved: true, authorisationCode: '000003' });
});

test('a line that was being written when the machine stopped is set aside', async () => {
  await pay(1250, 1);
  await appendFile(join(shop.stateDir, 'ledger.jsonl'), '{"type":"authorisation","at":"2026-1');
  await shop.restart();
  expect(shop.acquirer.status()).toMatchObject({ payments: 1, damagedLines: 1 });
  await pay(990, 2);
  await shop.restart();
  expect(shop.acquirer.status()).toMatchObject({ payments: 2, damagedLines: 0 });
  expect(await everythingIn(shop.stateDir)).toContain('"at":"2026-1\n');
});

test('an idle line is kept alive by echoes', async () => {
  await shop.end();
  shop = await openShop({ echoAfterMs: 30 });
  await shop.until(({ hostAnswers }) => hostAnswers === true);
  expect(booked()).toEqual([]);
});

import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getProcessingOptions, select } from '#apdu/command.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import {
  isCardFileProblem,
  memoryStore,
  openCard,
  type Presentation,
  presentToVpcd,
} from '#drivers/simulated/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { cardIs, kindOf, never, succeeded } from '#test/ports/card-reader-suite.ts';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { PPSE_NAME } from '../card/hand-terminal.ts';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const SELECT = select(hex('A0000000041010'));
const GPO = getProcessingOptions(new Uint8Array(11));

describe('an emulated phone on the real smart card service', { timeout: 20_000 }, () => {
  let pcscd: Pcscd;
  let reader: CardReader;
  beforeAll(async () => {
    pcscd = await startPcscd();
    reader = openPcscReader({ log: quiet, socketPath: pcscd.socketPath });
    await cardIs(reader, 'absent');
  }, 20_000);
  afterAll(async () => {
    await reader.close();
    await pcscd.close();
  });

  const present = (options: Omit<Parameters<typeof presentToVpcd>[1], 'port'> = {}) => {
    const card = openCard('mastercard-phone', { store: memoryStore() });
    if (isCardFileProblem(card)) throw new Error(card.problem);
    return presentToVpcd(card, { patienceMs: 5000, ...options, port: pcscd.vpcdPort });
  };
  /** Fails with the reason when the card leaves before the reader has powered it up. */
  const activated = (presented: Promise<Presentation | Fault>) =>
    Promise.race([
      reader.activate(never).then(succeeded),
      presented.then(async (outcome): Promise<never> => {
        const state = await firstValueFrom(reader.state$);
        throw new Error(`the card has left: ${JSON.stringify({ outcome, state })}`);
      }),
    ]);
  const exchange = async (command: Uint8Array) =>
    toHex(succeeded(await reader.exchange(command, 2000)).response);
  const finished = (outcome: Presentation | Fault): Presentation => {
    if (isFault(outcome)) throw new Error(outcome.detail);
    return outcome;
  };

  test('is seen, read and taken away, twice', async () => {
    for (let tap = 0; tap < 2; tap++) {
      const presented = present();
      expect(toHex((await activated(presented)).atr)).toBe('3B80800101');
      expect(await exchange(select(PPSE_NAME))).toMatch(/^6F.*9000$/);
      expect(await exchange(SELECT)).toMatch(/^6F.*9000$/);
      expect(await exchange(GPO)).toMatch(/^77.*9000$/);
      const { end, powered, commands } = finished(await presented);
      expect([end, powered, commands.length]).toEqual(['read', true, 3]);
      await cardIs(reader, 'absent');
    }
  });

  test('can be torn away in the middle of a payment', async () => {
    const presented = present({ tearAfter: 2 });
    await activated(presented);
    expect(await exchange(SELECT)).toMatch(/9000$/);
    expect(kindOf(await reader.exchange(GPO, 2000))).toBe('cardLost');
    expect(finished(await presented).end).toBe('torn');
  });
});

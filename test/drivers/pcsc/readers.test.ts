import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import type { CardReader, ReaderState } from '#ports/card-reader.ts';
import { COMMAND, cardIs, kindOf, never, succeeded } from '#test/ports/card-reader-suite.ts';
import { quiet } from './bench.ts';
import { type ScriptedService, startScriptedService } from './scripted-service.ts';

const COUNTER = 'ACS ACR122U PICC Interface 00 00';
const SAM = 'ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 00 00';
const PICC = 'ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 01 00';

let service: ScriptedService;
let reader: CardReader;

beforeEach(async () => {
  service = await startScriptedService();
});
afterEach(async () => {
  await reader.close();
  await service.close();
});

const open = (readerName?: string): CardReader => {
  const options = { log: quiet, socketPath: service.socketPath };
  reader = openPcscReader(readerName === undefined ? options : { ...options, readerName });
  return reader;
};

const lost = (why: RegExp): Promise<ReaderState> =>
  firstValueFrom(
    reader.state$.pipe(
      filter((state) => state.reader === 'absent' && why.test(state.why.fault + state.why.detail)),
    ),
  );

const nameOf = (state: ReaderState): string => (state.reader === 'present' ? state.name : '');

describe('readers come and go while the service stays', () => {
  test('none is attached, one is plugged in, unplugged and plugged in again', async () => {
    open();
    await lost(/readerLost.*no reader is attached/);
    for (let plugs = 0; plugs < 3; plugs++) {
      await service.show([{ name: COUNTER, card: 'absent' }]);
      expect(nameOf(await cardIs(reader, 'absent'))).toBe(COUNTER);
      await service.show([]);
      await lost(/readerLost/);
    }
  });

  test('one is unplugged with a card on it', async () => {
    await service.show([{ name: COUNTER, card: 'present' }]);
    succeeded(await open().activate(never));
    await service.show([]);
    expect(kindOf(await reader.exchange(COMMAND, 1000))).toBe('readerLost');
    await lost(/readerLost/);
    await service.show([{ name: COUNTER, card: 'absent' }]);
    await cardIs(reader, 'absent');
  });

  test('of two, the first that is contactless is used; its SAM slot is not', async () => {
    await service.show([
      { name: SAM, card: 'present' },
      { name: PICC, card: 'absent' },
    ]);
    expect(nameOf(await cardIs(open(), 'absent'))).toBe(PICC);
  });

  test('a reader that was asked for by name is used, even behind others', async () => {
    await service.show([
      { name: PICC, card: 'absent' },
      { name: COUNTER, card: 'present' },
    ]);
    expect(nameOf(await cardIs(open('ACS ACR122U'), 'present'))).toBe(COUNTER);
  });

  test('a reader of another name is not taken for the one that was asked for', async () => {
    await service.show([{ name: COUNTER, card: 'absent' }]);
    open('Identiv');
    await lost(/readerLost.*none is called Identiv: ACS ACR122U/);
  });
});

describe('cards come and go', () => {
  test('nothing connects to a card before somebody asks for one', async () => {
    await service.show([{ name: COUNTER, card: 'present' }]);
    await cardIs(open(), 'present');
    await service.show([{ name: COUNTER, card: 'absent' }]);
    await cardIs(reader, 'absent');
    await service.show([{ name: COUNTER, card: 'present' }]);
    await cardIs(reader, 'present');
    expect(service.connects()).toBe(0);
  });

  test('one without an answer to reset is a protocol fault', async () => {
    await service.show([{ name: COUNTER, card: 'mute' }]);
    expect(kindOf(await open().activate(never))).toBe('protocol');
    expect(service.connects()).toBe(1);
  });

  test('one that takes the place of another is a new card, though both are "present"', async () => {
    await service.show([{ name: COUNTER, card: 'present' }]);
    const first = await cardIs(open(), 'present');
    await service.show([{ name: COUNTER, card: 'present' }]);
    const second = await firstValueFrom(
      reader.state$.pipe(filter((state) => state.sinceMs > first.sinceMs)),
    );
    expect(second).toMatchObject({ reader: 'present', card: 'present' });
  });
});

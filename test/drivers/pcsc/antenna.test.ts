import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import type { CardReader, ReaderState } from '#ports/card-reader.ts';
import type { FaultKind } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import {
  COMMAND,
  cardIs,
  kindOf,
  never,
  silencedIs,
  succeeded,
} from '#test/ports/card-reader-suite.ts';
import type { Asked } from '#test/support/winscard-messages.ts';
import {
  type EscapeAnswer,
  type ScriptedService,
  startScriptedService,
} from './scripted-service.ts';

const ACR122U = 'ACS ACR122U PICC Interface 00 00';
const UTRUST = 'Identiv uTrust 3700 F CL Reader [uTrust 3700 F] 00 00';
const OMNIKEY = 'HID Global OMNIKEY 5022 Smart Card Reader 00 00';

/** Polling off, field off; field on, polling on. */
const ACR122U_OFF = ['control FF00517F00', 'control FF00000004D4320100'];
const ACR122U_ON = ['control FF00000004D4320101', 'control FF0051FF00'];

let service: ScriptedService;
let reader: CardReader;
let lines: string[];
const note = (fields: object, text?: string): void => {
  lines.push(`${text} ${JSON.stringify(fields)}`);
};
const log: Log = { debug() {}, info() {}, warn: note, error: note };

beforeEach(async () => {
  service = await startScriptedService();
  lines = [];
});
afterEach(async () => {
  await reader.close();
  await service.close();
});

const open = (silent: boolean): CardReader => {
  reader = openPcscReader({ log, socketPath: service.socketPath, silent });
  return reader;
};

const words = (asked: Asked): string => {
  if (asked.kind === 'connect') return `connect ${asked.share}`;
  if (asked.kind === 'disconnect') return `disconnect ${asked.disposition}`;
  return 'command' in asked ? `${asked.kind} ${asked.command}` : asked.kind;
};
const asked = (): readonly string[] => service.asked().map(words);
const direct = (...controls: string[]): readonly string[] => [
  'connect direct',
  ...controls,
  'disconnect leave',
];

const obedient = (command: string): EscapeAnswer =>
  command.startsWith('FF0051') ? `90${command.slice(6, 8)}` : 'D5339000';
const lost = (kind: FaultKind = 'readerLost'): Promise<ReaderState> =>
  firstValueFrom(
    reader.state$.pipe(filter((state) => state.reader === 'absent' && state.why.fault === kind)),
  );

describe('a reader whose antenna can be put down', () => {
  beforeEach(() => service.answerEscapes(obedient));

  test('is opened silent: its antenna goes down, and the card on it is left as it is', async () => {
    await service.show([{ name: ACR122U, card: 'present' }]);
    const state = await silencedIs(open(true), true);
    expect(state).toMatchObject({ name: ACR122U, silenced: 'antennaOff' });
    expect(asked()).toEqual(direct(...ACR122U_OFF));
  });

  test('may speak: its antenna goes up before a card is powered', async () => {
    await service.show([{ name: ACR122U, card: 'present' }]);
    const activation = open(true).activate(never);
    await silencedIs(reader, true);
    await reader.silence(false);
    succeeded(await activation);
    expect(asked()).toEqual([
      ...direct(...ACR122U_OFF),
      ...direct(...ACR122U_ON),
      'connect exclusive',
    ]);
  });

  test('is silenced with a card powered up: the card is powered down first', async () => {
    await service.show([{ name: ACR122U, card: 'present' }]);
    succeeded(await open(false).activate(never));
    await reader.silence(true);
    expect(await silencedIs(reader, true)).toMatchObject({ silenced: 'antennaOff' });
    expect(asked()).toEqual(['connect exclusive', 'disconnect unpower', ...direct(...ACR122U_OFF)]);
    expect(kindOf(await reader.exchange(COMMAND, 1000))).toBe('aborted');
  });

  test('is plugged in while all is silent: its antenna is down before it is known', async () => {
    open(true);
    await lost();
    const told: (string | number)[] = [];
    reader.state$.subscribe((state) => {
      if (state.reader === 'present') told.push(state.silenced ?? 'speaks', service.asked().length);
    });
    for (let plugs = 1; plugs <= 3; plugs++) {
      await service.show([{ name: ACR122U, card: 'absent' }]);
      await silencedIs(reader, true);
      await service.show([]);
      await lost();
    }
    const once = direct(...ACR122U_OFF);
    expect(asked()).toEqual([...once, ...once, ...once]);
    expect(told).toEqual(['antennaOff', 4, 'antennaOff', 8, 'antennaOff', 12]);
  });

  test('gets its antenna down again from the process that follows one that ended', async () => {
    await service.show([{ name: ACR122U, card: 'present' }]);
    await silencedIs(open(true), true);
    service.hangUp();
    await lost('serviceDown');
    await silencedIs(reader, true);
    expect(asked()).toEqual([...direct(...ACR122U_OFF), ...direct(...ACR122U_OFF)]);
  });

  test('was away when it might speak again: its antenna goes up when it is back', async () => {
    await service.show([{ name: ACR122U, card: 'absent' }]);
    await silencedIs(open(true), true);
    await service.show([]);
    await lost();
    await reader.silence(false);
    await service.show([{ name: ACR122U, card: 'present' }]);
    succeeded(await reader.activate(never));
    expect(asked().slice(4)).toEqual([...direct(...ACR122U_ON), 'connect exclusive']);
  });

  test('is silenced and not, again and again: the last word counts', async () => {
    await service.show([{ name: ACR122U, card: 'absent' }]);
    await cardIs(open(false), 'absent');
    const calls = [true, false, true, false, true, false, true].map(reader.silence);
    await Promise.all(calls);
    expect(await silencedIs(reader, true)).toMatchObject({ silenced: 'antennaOff' });
    expect(asked().slice(-4)).toEqual(direct(...ACR122U_OFF));
    await reader.silence(false);
    expect(asked().slice(-4)).toEqual(direct(...ACR122U_ON));
  });

  test('that nobody ever silenced gets no command', async () => {
    await service.show([{ name: ACR122U, card: 'present' }]);
    await open(false).silence(false);
    succeeded(await reader.activate(never));
    expect(asked()).toEqual(['connect exclusive']);
  });

  test('of another make has commands of its own', async () => {
    service.answerEscapes(() => '');
    await service.show([{ name: UTRUST, card: 'present' }]);
    expect(await silencedIs(open(true), true)).toMatchObject({ silenced: 'antennaOff' });
    await reader.silence(false);
    expect(asked()).toEqual([...direct('control 9600'), ...direct('control 9601')]);
    expect(lines).toEqual([]);
  });
});

describe('a reader whose antenna stays on', () => {
  const staysOn = async (complaints: number): Promise<void> => {
    expect(await silencedIs(open(true), true)).toMatchObject({ silenced: 'antennaOn' });
    await reader.silence(false);
    await reader.silence(true);
    await reader.silence(false);
    expect(lines.filter((line) => line.includes('ifdDriverOptions'))).toHaveLength(complaints);
    expect(lines.filter((line) => !line.includes('no card reader'))).toHaveLength(complaints);
    expect(service.connects()).toBe(0);
    succeeded(await reader.activate(never));
  };

  test('because its driver lets no such command through: says so once, with a cure', async () => {
    service.answerEscapes(() => 'refused');
    await service.show([{ name: ACR122U, card: 'present' }]);
    await staysOn(1);
  });

  test('because it does not know the command: all of them are tried', async () => {
    service.answerEscapes((command) => (command.startsWith('FF0051') ? obedient(command) : '6300'));
    await service.show([{ name: ACR122U, card: 'present' }]);
    await staysOn(1);
    expect(asked().slice(0, 4)).toEqual(direct(...ACR122U_OFF));
    expect(lines.join()).toContain('FF00000004D4320100: it answers 6300');
  });

  test('because there is none: it is not even connected to', async () => {
    await service.show([{ name: OMNIKEY, card: 'present' }]);
    await staysOn(0);
    expect(asked()).toEqual(['connect exclusive']);
  });

  test('because it hangs on the command: it is reset once, and never asked again', async () => {
    service.answerEscapes(() => 'mute');
    await service.show([{ name: ACR122U, card: 'present' }]);
    await staysOn(1);
    expect(asked()).toEqual(['connect direct', 'control FF00517F00', 'connect exclusive']);
  });
});

describe('an antenna that is down', () => {
  test('and does not come up again is complained about', async () => {
    service.answerEscapes(obedient);
    await service.show([{ name: ACR122U, card: 'absent' }]);
    await silencedIs(open(true), true);
    service.answerEscapes(() => 'refused');
    await reader.silence(false);
    expect(lines.join()).toContain('plug it out and in');
    expect(await silencedIs(reader, false)).not.toHaveProperty('silenced');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { call } from '#drivers/control/index.ts';
import { openPeople } from '#drivers/people/index.ts';
import { lookAtJournal } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import { quiet } from '#test/drivers/sqlite/support.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';
import type { ExitCode } from '../../src/cli/exit.ts';
import { history, status, why } from '../../src/cli/nfc/look.ts';
import { type DecideOptions, decide } from '../../src/cli/nfc/nfc.ts';
import { placesIn } from '../../src/cli/places.ts';
import { clock } from '../../src/cli/world.ts';

// The same commands, with a terminal that runs as a process of its own and without one.

const PINS = { ann: '482915', bob: '730264' } as const;
const LANES = { acceptance: { lane: '2', lanes: ['1', '2'], timeZone: 'Europe/Berlin' } };

const prepare = async (state: string): Promise<void> => {
  const { wallMs, monotonicMs } = clock;
  const path = placesIn(state).people;
  const people = openPeople({ path, log: quiet, wallMs, monotonicMs });
  await people.add('ann', 'manager', PINS.ann);
  await people.add('bob', 'manager', PINS.bob);
  await people.close();
  for (const [name, pin] of Object.entries(PINS)) {
    writeFileSync(join(state, name), `${pin}\n`, { mode: 0o600 });
  }
};

/** What a shop does on a day, and what each command ends with. */
const day = (state: string): readonly (readonly [ExitCode, 'off' | 'on', DecideOptions])[] => {
  const as = (by: string) => ({ by, pinFile: join(state, by) });
  const fees = { reason: 'commercial: fees' };
  return [
    [0, 'off', { ...fees, scope: ['phones', 'lanes=2'], ...as('ann') }],
    [0, 'off', { ...fees, words: ['de=Bitte stecken'], until: '+8h', ...as('bob') }],
    [1, 'on', { reason: 'commercial: x', scope: ['lanes=7'], ...as('bob') }],
    [0, 'on', { reason: 'commercial: signed', ...as('bob') }],
    [1, 'on', { ...fees, supersedes: ['D9'], ...as('ann') }],
  ];
};

/** What a command prints, and ends with. */
const heard = async (command: () => Promise<ExitCode>) => {
  let text = '';
  const hear = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(hear),
  );
  const code = await command();
  for (const spy of spies) spy.mockRestore();
  return { code, text };
};

/** The register without what differs from one day to the next: times, and hashes of them. */
const registerOf = async (state: string): Promise<unknown> => {
  const entries = await lookAtJournal(placesIn(state).journal).ownEntries('decision');
  if (isFault(entries)) throw new Error(entries.detail);
  return entries.map(({ data: { madeMs: _, untilMs, ...data } }) => ({
    ...data,
    ends: untilMs !== undefined,
  }));
};

let terminal: RunningTerminal;
let alone = '';
beforeAll(async () => {
  terminal = await runTerminal({ reader: 'in-process', config: LANES });
  await prepare(terminal.state);
  alone = mkdtempSync(join(tmpdir(), 'countertap-nfc-alone-'));
  await prepare(alone);
});
afterAll(async () => {
  await terminal.close();
  rmSync(alone, { recursive: true, force: true });
});

const nfc = (...words: string[]) => terminal.countertap('nfc', ...words);

describe('a shop’s day at the command line', () => {
  it('makes the same register with a terminal and without one, in the same words', async () => {
    const config = join(terminal.state, 'config');
    const times = /\d{4}-\d\d-\d\d \d\d:\d\d/g;
    const said = [];
    for (const [state, more] of [[terminal.state, {}] as const, [alone, { config }] as const]) {
      const places = placesIn(state);
      const texts: string[] = [];
      for (const [expected, action, options] of day(state)) {
        const decided = () => decide(places, 'decide', action, { ...options, ...more });
        const { code, text } = await heard(decided);
        expect(code, text).toBe(expected);
        texts.push(text);
      }
      for (const look of [
        () => status(places, more),
        () => history(places, more),
        () => why(places, { card: 'visa-phone', ...more }),
      ]) {
        const { code, text } = await heard(look);
        expect(code, text).toBe(0);
        texts.push(text);
      }
      said.push(texts.map((text) => text.replaceAll(times, 'then')));
    }
    expect(said[1]).toEqual(said[0]);
    const register = await registerOf(terminal.state);
    expect(register).toHaveLength(3);
    expect(await registerOf(alone)).toEqual(register);
  });

  it('leaves no PIN in anything that is written or said', async () => {
    const written = await terminal.writings();
    const entries = await terminal.countertap('journal', 'export');
    for (const pin of Object.values(PINS)) {
      expect(written).not.toContain(pin);
      expect(entries.stdout).not.toContain(pin);
    }
    expect(entries.stdout).toContain('"event":"audit"');
  });
});

describe('a decision beside a running terminal', () => {
  it('counts in the terminal at once, and is what every command sees', async () => {
    const answer = await nfc('status', '--json');
    expect(JSON.parse(answer.stdout)).toMatchObject({
      contactless: { accepted: 'open' },
      shop: { lane: '2', lanes: ['1', '2'], timeZone: 'Europe/Berlin', currency: 'USD' },
      setUp: true,
    });
  });

  it('takes no second PIN by the socket than that of who decides', async () => {
    const request = { action: 'off', reason: { category: 'other', text: 'x' } };
    const line = { op: 'nfc', do: 'decide', request, by: 'ann', pin: PINS.bob };
    const answer = await call(placesIn(terminal.state).controlSocket, line);
    expect(answer).toMatchObject({ refused: { field: 'pin' } });
    expect(await registerOf(terminal.state)).toHaveLength(3);
  });

  it('goes on counting when the terminal was killed, and without it', async () => {
    await terminal.end('SIGKILL');
    const killed = await nfc('status');
    expect(killed).toMatchObject({ code: 0, stdout: expect.stringMatching(/On in part/) });
    const pin = ['--by', 'ann', '--pin-file', join(terminal.state, 'ann')];
    const off = await nfc('off', '--reason', 'security: skimmer', ...pin);
    expect(off).toMatchObject({ code: 0, stdout: expect.stringMatching(/D4 switches off/) });
  });
});

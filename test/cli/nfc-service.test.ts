import { beforeEach, describe, expect, it } from 'vitest';
import { type DecisionConfig, openDecisionBook } from '#decisions/index.ts';
import { isFault } from '#ports/fault.ts';
import { readAudit, writeAudit } from '#staff/audit.ts';
import { config, HOUR_MS, off, on, START_MS, twoPeople } from '#test/decisions/support.ts';
import { type MemoryJournal, memoryJournal } from '#test/support/memory-journal.ts';
import { type MemoryPeople, memoryPeople } from '#test/support/memory-people.ts';
import { parseRequest } from '../../src/cli/control-requests.ts';
import type { NfcRequest } from '../../src/cli/nfc/requests.ts';
import { nfcService } from '../../src/cli/nfc/service.ts';
import { inParts, joined } from '../../src/cli/nfc/wire.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const PIN = '482915';
const shop = { currency: 'EUR', language: 'en', lane: '3' };
const ann = { by: 'ann', pin: PIN };
const bob = { by: 'bob', pin: '730264' };
const cid = { by: 'cid', pin: '619283' };

let nowMs = START_MS;
let journal: MemoryJournal;
let people: MemoryPeople;
let ask: (request: Record<string, unknown>) => Promise<Record<string, unknown>>;

const open = async (of: DecisionConfig = config): Promise<void> => {
  const clock = {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    scheduler: { now: () => nowMs, schedule: () => Promise.reject(new Error('no timers here')) },
  };
  const book = await openDecisionBook({ journal, clock: clock as never, log: quiet, config: of });
  const service = nfcService({
    ...{ book, people, shop },
    audit: (line) => writeAudit(journal, line),
  });
  ask = async (request) => {
    const asked = parseRequest({ op: 'nfc', ...request });
    if ('problem' in asked) return { problem: asked.problem };
    return service(asked as NfcRequest) as Promise<Record<string, unknown>>;
  };
};

beforeEach(async () => {
  nowMs = START_MS;
  journal = memoryJournal(() => nowMs);
  people = memoryPeople(() => ({ wallMs: nowMs, monotonicMs: nowMs, boot: 'one' }));
  await open();
});

const hire = async (): Promise<void> => {
  await people.add('Ann', 'manager', ann.pin);
  await people.add('Bob', 'manager', bob.pin);
  await people.add('Cid', 'cashier', cid.pin);
};
const decisions = async () => {
  const entries = await journal.ownEntries('decision');
  if (isFault(entries)) throw new Error(entries.detail);
  return entries.map(({ data }) => data);
};
const audit = async () => {
  const rows = await readAudit(journal, 50);
  if (isFault(rows)) throw new Error(rows.detail);
  return rows.map(({ person, role, action, subject, outcome, says }) => {
    return { person, role, action, subject, outcome, says };
  });
};
const status = async () => {
  const { result } = (await ask({ do: 'status' })) as {
    result: { contactless: { accepted: string; sentence: string }; setUp: boolean };
  };
  return result;
};

describe('a decision from the command line', () => {
  it('is made by whoever signs in for it, counts at once, and is recorded', async () => {
    await hire();
    const answer = await ask({ do: 'decide', request: off(), ...ann });
    expect(answer).toMatchObject({
      result: {
        decision: { state: 'in force', decision: { id: 'D1', by: { person: 'Ann' } } },
        contactless: { accepted: 'no', sentence: 'Off by Ann: fees' },
      },
    });
    expect(await decisions()).toMatchObject([{ id: 'D1', action: 'off' }]);
    expect(await audit()).toMatchObject([
      { person: 'Ann', role: 'manager', action: 'decide', subject: 'D1', outcome: 'done' },
    ]);
  });

  it('leaves no PIN anywhere', async () => {
    await hire();
    const answers = [
      await ask({ do: 'decide', request: off(), ...ann }),
      await ask({ do: 'decide', request: on(), by: 'ann', pin: '482916' }),
      await ask({ do: 'decide', request: on(), by: PIN, pin: PIN }),
      await ask({ do: 'decide', request: on(), by: 'ann', pin: Number(PIN) }),
      await ask({ do: 'decide', request: on(), by: 'ann', pin: PIN.repeat(40) }),
    ];
    const written = JSON.stringify([answers, journal.durable().entries]);
    expect(written).not.toMatch(/48291[56]/);
    expect(await decisions()).toHaveLength(1);
  });

  it.each([
    ['a wrong PIN', { by: 'ann', pin: '000001' }, { field: 'pin', problem: /wrong/ }],
    ['nobody of that name', { by: 'eve', pin: PIN }, { field: 'pin', problem: /wrong/ }],
    ['a cashier', cid, { field: 'role', problem: /Cid is a cashier: this needs a manager/i }],
  ])('is refused to %s, recorded, and nothing changes', async (_, who, why) => {
    await hire();
    const { refused } = await ask({ do: 'decide', request: off(), ...who });
    expect(refused).toMatchObject({
      field: why.field,
      problem: expect.stringMatching(why.problem),
    });
    expect(await decisions()).toEqual([]);
    expect(await audit()).toMatchObject([{ action: 'decide', outcome: 'refused' }]);
    expect((await status()).contactless.accepted).toBe('yes');
  });

  it('waits after wrong PINs, and says how long', async () => {
    await hire();
    let refused: unknown;
    for (let tries = 0; tries < 10; tries++) {
      ({ refused } = await ask({ do: 'decide', request: off(), by: 'ann', pin: '000001' }));
    }
    expect(refused).toMatchObject({ retryAfterMs: expect.any(Number) });
    expect(await ask({ do: 'decide', request: off(), ...ann })).toHaveProperty('refused');
    expect(await ask({ do: 'decide', request: off(), ...bob })).toHaveProperty('result');
  });

  it('names the way to the first manager while nobody is known', async () => {
    expect((await status()).setUp).toBe(false);
    const { refused } = await ask({ do: 'decide', request: off(), ...ann });
    expect(refused).toMatchObject({ problem: expect.stringContaining('countertap people add') });
    await hire();
    expect((await status()).setUp).toBe(true);
  });

  it.each([
    ['no reason', { action: 'off' }, 'reason'],
    ['an end that is past', off({ untilMs: START_MS - 1 }), 'until'],
    ['a scheme that isn’t taken here', off({ scope: { scheme: 'JCB' } }), 'scope.scheme'],
    ['a word too many', off({ colour: 'red' }), 'colour'],
  ])('is refused for %s by the field, and that is recorded', async (_, request, field) => {
    await hire();
    expect(await ask({ do: 'decide', request, ...ann })).toMatchObject({ refused: { field } });
    expect(await decisions()).toEqual([]);
    expect(await audit()).toMatchObject([{ person: 'Ann', outcome: 'refused' }]);
  });

  it('that can’t be written is an error, and nothing is in force', async () => {
    await hire();
    journal.failNext({ fault: 'journal', detail: 'the disk is full' });
    expect(await ask({ do: 'decide', request: off(), ...ann })).toEqual({
      error: 'the disk is full',
    });
    expect((await status()).contactless.accepted).toBe('yes');
  });

  it('is not made where nobody can be asked who it is', async () => {
    people.fail({ fault: 'people', detail: 'the database is damaged' });
    expect(await ask({ do: 'decide', request: off(), ...ann })).toEqual({
      error: 'the database is damaged',
    });
    expect(await decisions()).toEqual([]);
  });
});

describe('what two people must agree to', () => {
  beforeEach(async () => {
    await hire();
    await open(twoPeople);
  });

  it('changes nothing until another approves it', async () => {
    const proposed = await ask({ do: 'decide', request: off(), ...ann });
    expect(proposed).toMatchObject({ result: { decision: { state: 'proposed' } } });
    expect((await status()).contactless.accepted).toBe('yes');
    const own = await ask({ do: 'approve', id: 'D1', ...ann });
    expect(own).toMatchObject({
      refused: { problem: expect.stringMatching(/another person must/) },
    });
    const other = await ask({ do: 'approve', id: 'D1', ...bob });
    expect(other).toMatchObject({ result: { decision: { state: 'in force' } } });
    expect((await status()).contactless.accepted).toBe('no');
    expect((await audit()).map(({ action, outcome }) => `${action}: ${outcome}`)).toEqual([
      'approve decision: done',
      'approve decision: refused',
      'decide: done',
    ]);
  });

  it('stands among what waits', async () => {
    await ask({ do: 'decide', request: off(), ...ann });
    expect(await ask({ do: 'status' })).toMatchObject({
      result: { waiting: [{ state: 'proposed', decision: { id: 'D1' } }] },
    });
  });
});

describe('who only looks', () => {
  it('learns in sentences why, without a PIN, and of this lane', async () => {
    await hire();
    await ask({ do: 'decide', request: off({ scope: { devices: 'phones' } }), ...ann });
    const facts = { method: 'contactless', device: 'phone' };
    const { result } = await ask({ do: 'why', facts });
    expect(result).toEqual([
      'A phone or watch at lane 3: refused.',
      expect.stringMatching(/^Decides: D1 switches off contactless, phones and watches/),
      expect.any(String),
    ]);
    expect(await status()).toMatchObject({
      contactless: { accepted: 'open', sentence: 'On in part: off for phones and watches' },
    });
  });

  it('sees what a decision would do, and nothing changes', async () => {
    const request = off({ untilMs: START_MS + HOUR_MS });
    expect(await ask({ do: 'preview', request, by: 'ann' })).toMatchObject({
      result: {
        says: [expect.stringMatching(/^D1 switches off contactless until 2026-11-23 11:00/)],
        needsApproval: false,
      },
    });
    expect(await ask({ do: 'preview', request: { action: 'off' } })).toMatchObject({
      refused: { field: 'reason' },
    });
    expect(journal.durable().entries).toEqual([]);
  });

  it('never shows the digits of an account that was asked about', async () => {
    await hire();
    const scope = { range: { from: '4761', to: '4769' } };
    await ask({ do: 'decide', request: off({ scope }), ...ann });
    const facts = { method: 'contactless', account: '47617390' };
    expect(JSON.stringify(await ask({ do: 'why', facts }))).not.toContain('47617390');
    const wrong = { method: 'contactless', account: '476173900201' };
    expect(JSON.stringify(await ask({ do: 'why', facts: wrong }))).not.toContain('476173900201');
  });

  it('gets the whole register, newest first or as a file', async () => {
    await hire();
    await ask({ do: 'decide', request: off(), ...ann });
    await ask({ do: 'decide', request: on({ supersedes: ['D1'] }), ...bob });
    const { result } = await ask({ do: 'history' });
    const all = (result as { decisions: { decision: { id: string }; state: string }[] }).decisions;
    expect(all.map(({ decision: { id }, state }) => `${id} ${state}`)).toEqual([
      'D2 in force',
      'D1 superseded',
    ]);
    expect(await ask({ do: 'history', last: 1 })).toMatchObject({
      result: { decisions: [{ decision: { id: 'D2' } }] },
    });
    const csv = String((await ask({ do: 'export', format: 'csv' }))['result']);
    expect(csv.split('\r\n')).toHaveLength(4);
    const json = JSON.parse(String((await ask({ do: 'export', format: 'json' }))['result']));
    expect(json.decisions).toHaveLength(2);
    expect(await ask({ do: 'verify' })).toMatchObject({ result: { entries: 2 } });
  });

  it('gets a register of years in one piece, though no line of the socket holds it', async () => {
    await hire();
    const text = '"'.repeat(400);
    for (let n = 0; n < 120; n++) {
      await ask({
        do: 'decide',
        request: off({ reason: { category: 'trial', text } }),
        ...ann,
      });
    }
    const answer = await ask({ do: 'export', format: 'json' });
    const lines: Record<string, unknown>[] = [];
    const last = inParts(answer, (line) => lines.push(line));
    for (const line of [last, ...lines]) {
      expect(JSON.stringify(line).length).toBeLessThanOrEqual(65_536);
    }
    expect(joined(last, lines)).toEqual(answer);
    expect(joined(last, lines.slice(1))).toBeUndefined();
  });
});

describe('a register that can’t be read', () => {
  beforeEach(async () => {
    await hire();
    await ask({ do: 'decide', request: off(), ...ann });
    const data = { kind: 'decision', id: 'D9' };
    await journal.append({ entries: [{ payment: null, event: 'decision', atMs: nowMs, data }] });
    await open();
  });

  it('means off, takes no decision, and says what can be done', async () => {
    const { contactless } = await status();
    expect(contactless).toMatchObject({
      accepted: 'no',
      sentence: expect.stringMatching(/^Off: the decisions can't be read \(entry 2/),
    });
    expect(await ask({ do: 'decide', request: on(), ...ann })).toMatchObject({
      refused: { problem: expect.stringMatching(/must begin anew/) },
    });
    expect(await ask({ do: 'export', format: 'csv' })).toHaveProperty('error');
    const check = await ask({ do: 'verify' });
    expect(check).toMatchObject({ result: { problem: expect.stringMatching(/^entry 2/) } });
  });

  it('begins anew by a manager’s word, and that is recorded', async () => {
    const refused = await ask({ do: 'begin', request: on(), ...cid });
    expect(refused).toMatchObject({ refused: { field: 'role' } });
    const begun = await ask({ do: 'begin', request: on(), ...bob });
    expect(begun).toMatchObject({ result: { contactless: { accepted: 'yes' } } });
    expect(await audit()).toMatchObject([
      { person: 'Bob', action: 'begin the register anew', outcome: 'done' },
      { person: 'Cid', action: 'begin the register anew', outcome: 'refused' },
      { action: 'decide', outcome: 'done' },
    ]);
  });

  it('and only then', async () => {
    await ask({ do: 'begin', request: on(), ...bob });
    expect(await ask({ do: 'begin', request: off(), ...bob })).toMatchObject({
      refused: { problem: expect.stringMatching(/can be read/) },
    });
  });
});

describe('a line that is no request about decisions', () => {
  it.each([
    ['nothing to do', { do: 'dance' }],
    ['no person', { do: 'decide', request: {} }],
    ['a number of no card', { do: 'why', facts: { method: 'contactless', aid: 'xyz' } }],
    ['a word too many', { do: 'status', pin: '1' }],
  ])('%s', async (_, line) => {
    expect(await ask(line)).toMatchObject({ problem: expect.stringMatching(/no request/) });
  });
});

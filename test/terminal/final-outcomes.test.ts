import { afterEach, describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { Kernel, KernelInput } from '#kernels/shared/kernel.ts';
import { type Outcome, type OutcomeName, outcome } from '#kernels/shared/outcome.ts';
import { exchange } from '#kernels/shared/step.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import {
  approved,
  cardNamed,
  cardThat,
  type Harness,
  type HarnessOptions,
  linkIsDown,
  startHarness,
} from '#test/support/terminal-harness.ts';

const twelveFifty = { amountMinor: 1250, currency: 840 };
const never = new AbortController().signal;
const UPDATE = hex('910A00000000000000003030');
const again = uiRequest('21', 'readyToRead');

const track2 = hex('4761739001010119D28122010000000000');
const dataRecord = [{ tag: tag.track2EquivalentData, value: track2 }];
const online = (more: Partial<Outcome> = {}) => outcome('onlineRequest', { dataRecord, ...more });
/** Online, and the card is wanted again for whatever the host answers. */
const onlineTwice = (more: Partial<Outcome> = {}) =>
  online({ start: 'B', onlineResponseType: 'any', uiOnRestart: again, fieldOffMs: 0, ...more });

let harness: Harness;
afterEach(() => harness.close());

/** A terminal whose kernel 3 ends with these outcomes, one an activation; then the last again. */
const withOutcomes = async (outcomes: readonly Outcome[], options: HarnessOptions = {}) => {
  const inputs: KernelInput[] = [];
  const fields: number[] = [];
  let answered = 0;
  const kernel: Kernel = function* (input) {
    inputs.push(input);
    answered = performance.now();
    return outcomes[Math.min(inputs.length, outcomes.length) - 1] ?? outcome('declined');
  };
  harness = await startHarness({
    kernels: new Map([['03', kernel]]),
    reader: (real) => ({
      ...real,
      fieldOff: (holdMs) => {
        fields.push(holdMs);
        return real.fieldOff(holdMs);
      },
    }),
    ...options,
  });
  const sale = harness.terminal.sale(twelveFifty, never);
  /** When the kernel was last started, which is after SELECT (AID) was answered. */
  const answeredMs = () => answered;
  return { ...harness, inputs, fields, answeredMs, sale };
};

const phone = cardNamed('visa-phone');

describe('Online Request (Book A 6.3.7)', () => {
  it('ends with the host’s answer where the kernel wants no restart', async () => {
    const { sale, reader, inputs, payments } = await withOutcomes([online()]);
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved', outcome: 'onlineRequest' });
    expect([inputs.length, payments.length]).toEqual([1, 1]);
  });

  it('restarts after any answer of the host where the kernel wants any', async () => {
    const { sale, reader, inputs, payments, screens } = await withOutcomes([
      onlineTwice(),
      outcome('approved'),
    ]);
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved', outcome: 'approved' });
    expect(inputs.map(({ start, restart }) => [start, restart])).toEqual([
      ['A', false],
      ['B', true],
    ]);
    expect(payments).toHaveLength(1);
    expect(screens()).toContain('tryAgain');
  });

  it.each<[sentence: string, issuerData: Uint8Array | undefined, taps: number]>([
    ['restarts with EMV data that is wanted, and hands it over', UPDATE, 2],
    ['does not restart where EMV data is wanted and none came', undefined, 1],
  ])('%s', async (_, issuerData, taps) => {
    const { sale, reader, inputs } = await withOutcomes(
      [onlineTwice({ onlineResponseType: 'emvData' }), outcome('approved')],
      { authorise: async () => ({ ...approved, ...(issuerData ? { issuerData } : {}) }) },
    );
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved' });
    expect(inputs).toHaveLength(taps);
    expect(inputs.at(-1)?.issuerData).toEqual(issuerData);
  });

  it('declines where the host cannot be reached, restart wanted or not', async () => {
    const { sale, reader, inputs } = await withOutcomes([onlineTwice()], {
      authorise: async () => linkIsDown,
    });
    reader.place(phone);
    const result = await sale;
    expect(result).toMatchObject({ status: 'declined' });
    expect(result.reason).toContain('unable to go online');
    expect(inputs).toHaveLength(1);
  });

  it('present and hold: at Start D the card is powered as it was, without a new FCI', async () => {
    let taps = 0;
    const answers: (string | number)[] = [];
    let offsSoFar = () => -1;
    const kernel: Kernel = function* (input) {
      taps += 1;
      if (taps === 1) return online({ start: 'D', onlineResponseType: 'any' });
      const answer = yield* exchange(hex('80CA9F3600'));
      answers.push('fault' in answer ? answer.fault : 'answered', input.fci.length, offsSoFar());
      return outcome('approved');
    };
    const { sale, reader, fields } = await withOutcomes([], { kernels: new Map([['03', kernel]]) });
    offsSoFar = () => fields.length;
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved' });
    expect(answers).toEqual(['answered', 0, 0]);
    expect(fields).toEqual([0]);
  });

  it('present and hold: the field goes off when nothing more comes of it', async () => {
    const { sale, reader, fields } = await withOutcomes([
      online({ start: 'D', onlineResponseType: 'emvData' }),
    ]);
    reader.place(phone);
    await sale;
    expect(fields).toEqual([0]);
  });
});

describe('Removal Timeout (Book A 6.2)', () => {
  it('over before the host has answered, it lets the card go: message 17', async () => {
    const seen17 = () => harness.seen('removeCard');
    const { sale, reader, screens } = await withOutcomes([online({ removalTimeoutMs: 100 })], {
      authorise: async () => {
        await seen17();
        return approved;
      },
    });
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved' });
    expect(screens()).toContain('removeCard');
  });

  it('says nothing where the host has answered before', async () => {
    const { sale, reader, screens, seen, views } = await withOutcomes([
      online({ removalTimeoutMs: 50 }),
    ]);
    reader.place(phone);
    await sale;
    await seen('welcome', views.length);
    expect(screens()).not.toContain('removeCard');
  });
});

describe('after the host has approved, the kernel’s second outcome (Book A 6.3.10)', () => {
  it.each<[name: OutcomeName, status: string]>([
    ['approved', 'approved'],
    ['declined', 'declined'],
    ['tryAnotherInterface', 'declined'],
    ['endApplication', 'approved'],
  ])('%s leads to %s', async (name, status) => {
    const { sale, reader, payments, takenBack } = await withOutcomes([
      onlineTwice(),
      outcome(name),
    ]);
    reader.place(phone);
    expect(await sale).toMatchObject({ status, outcome: name });
    expect(payments).toHaveLength(1);
    // What the card refuses after the host's approval is taken back at the host.
    expect((await takenBack()).map(({ state }) => state)).toEqual(
      status === 'declined' ? ['reversing'] : [],
    );
  });

  it('Request Online PIN is declined, for there is no PIN pad', async () => {
    const { sale, reader, payments } = await withOutcomes([
      onlineTwice(),
      outcome('requestOnlinePin'),
    ]);
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'declined' });
    expect(payments).toHaveLength(1);
  });

  it('is not waited for longer than for a card: the host’s word stands', async () => {
    const { sale, reader } = await withOutcomes([onlineTwice()], {
      settings: { cardTimeoutMs: 500 },
      authorise: async () => {
        reader.remove();
        return approved;
      },
    });
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved', responseCode: '00' });
  });

  it('cannot be cancelled away: the host’s word stands', async () => {
    const { sale, reader, seen, terminal } = await withOutcomes([onlineTwice()], {
      authorise: async () => {
        reader.remove();
        return approved;
      },
    });
    reader.place(phone);
    await seen('tryAgain');
    terminal.cancel();
    expect(await sale).toMatchObject({ status: 'approved', responseCode: '00' });
  });

  it('without a CVM of its own leaves the signature that the first one wants', async () => {
    const { sale, reader, seen } = await withOutcomes([
      onlineTwice({ cvm: 'obtainSignature' }),
      outcome('endApplication'),
    ]);
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved', cvm: 'obtainSignature' });
    await seen('approvedSign');
  });
});

describe('End Application (Book A 6.3.8)', () => {
  it('with a start point waits until the card has left, then goes on there', async () => {
    const { sale, reader, inputs, seen } = await withOutcomes([
      outcome('endApplication', { start: 'B', uiOnRestart: again, fieldOffMs: 0 }),
      online(),
    ]);
    reader.place(phone);
    await seen('tryAgain');
    expect(inputs).toHaveLength(1);
    reader.remove();
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved', amountMinor: 1250 });
    expect(inputs.map(({ start, restart }) => [start, restart])).toEqual([
      ['A', false],
      ['B', true],
    ]);
  });

  it('without one asks for another card, as a transaction that begins anew', async () => {
    const { sale, reader, inputs, seen } = await withOutcomes([
      outcome('endApplication', { uiOnOutcome: uiRequest('1C', 'processingError') }),
      online(),
    ]);
    reader.place(phone);
    const view = await seen('anotherCard');
    expect(view.amount).toBe('$12.50');
    reader.remove();
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'approved' });
    expect(inputs.map(({ start, restart }) => [start, restart])).toEqual([
      ['A', false],
      ['A', false],
    ]);
  });
});

describe('the other Final Outcomes (Book A 6.3)', () => {
  it('Declined: the shopper is told, and no host is asked', async () => {
    const { sale, reader, payments, seen } = await withOutcomes([outcome('declined')]);
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'declined', outcome: 'declined' });
    await seen('declined');
    expect(payments).toHaveLength(0);
  });

  it('Try Another Interface: the amount stays while a card is to be inserted', async () => {
    const { sale, reader, payments, seen } = await withOutcomes([
      outcome('tryAnotherInterface', { uiOnOutcome: uiRequest('18', 'processingError') }),
    ]);
    reader.place(phone);
    expect((await seen('insertCard')).amount).toBe('$12.50');
    expect(await sale).toMatchObject({ status: 'declined', outcome: 'tryAnotherInterface' });
    expect(payments).toHaveLength(0);
  });

  it('Try Another Interface at once (6984) is no success: neither lights nor tone', async () => {
    harness = await startHarness();
    const sale = harness.terminal.sale(twelveFifty, never);
    harness.reader.place(cardThat('visa-phone', 3, hex('6984')));
    await harness.seen('insertCard');
    expect(await sale).toMatchObject({ outcome: 'tryAnotherInterface' });
    expect(harness.views.map(({ lights }) => lights)).not.toContain('success');
    expect(harness.views.map(({ tone }) => tone)).not.toContain('success');
  });

  it('Approved without the host is not taken where the shop doesn’t allow it', async () => {
    const { sale, reader, payments } = await withOutcomes([outcome('approved', { dataRecord })]);
    reader.place(phone);
    expect(await sale).toMatchObject({ status: 'declined', outcome: 'approved' });
    expect(payments).toHaveLength(0);
  });

  it('Obtain Signature is asked for once the host has approved', async () => {
    const { sale, reader, seen } = await withOutcomes([online({ cvm: 'obtainSignature' })]);
    reader.place(phone);
    expect(await sale).toMatchObject({ cvm: 'obtainSignature' });
    await seen('approvedSign');
  });
});

describe('the field', () => {
  it('goes off when the card has done its part', async () => {
    const { sale, reader, fields } = await withOutcomes([online()]);
    reader.place(phone);
    await sale;
    expect(fields).toEqual([0]);
  });

  it('stays off for the hold time that a kernel asks for, which nothing cuts short', async () => {
    const { sale, reader, fields } = await withOutcomes([
      outcome('declined', { fieldOffMs: 1300 }),
    ]);
    reader.place(phone);
    await sale;
    expect(fields).toEqual([1300]);
  });

  it('goes off when a payment is cancelled', async () => {
    const { sale, fields, seen, terminal } = await withOutcomes([online()]);
    await seen('presentCard');
    terminal.cancel();
    expect(await sale).toMatchObject({ status: 'cancelled' });
    expect(fields).toEqual([0]);
  });
});

describe('a transaction', () => {
  it('begins at Start A with its amount, nothing for cash, and no Restart flag', async () => {
    const { sale, reader, inputs } = await withOutcomes([online()]);
    reader.place(phone);
    await sale;
    expect(inputs[0]).toMatchObject({
      start: 'A',
      restart: false,
      transaction: { type: 0, amountAuthorised: 1250, amountOther: 0, currency: 840 },
    });
    expect(inputs[0]?.terminal.get(0x9f03)).toEqual(hex('000000000000'));
  });

  it('keeps its time and its counter over all its taps', async () => {
    const { sale, reader, inputs } = await withOutcomes([onlineTwice(), outcome('approved')]);
    reader.place(phone);
    await sale;
    for (const element of [0x9a, 0x9f21, 0x9f41, 0x9f02]) {
      expect(inputs[1]?.terminal.get(element)).toEqual(inputs[0]?.terminal.get(element));
    }
  });

  it('has a fresh random number at every tap', async () => {
    const { sale, reader, inputs } = await withOutcomes([onlineTwice(), outcome('approved')]);
    reader.place(phone);
    await sale;
    const [first, second] = inputs.map(({ unpredictableNumber }) => unpredictableNumber);
    expect(first).toHaveLength(4);
    expect(second).not.toEqual(first);
  });
});

describe('Hold Time (Book A 9)', () => {
  it('keeps the next message waiting', async () => {
    const hold = uiRequest('20', 'processingError', { holdMs: 400 });
    const { sale, reader, seen } = await withOutcomes([
      outcome('tryAgain', { start: 'B', uiOnOutcome: hold, uiOnRestart: again, fieldOffMs: 0 }),
      online(),
    ]);
    reader.place(phone);
    await seen('seePhone');
    const shownMs = performance.now();
    await seen('tryAgain');
    expect(performance.now() - shownMs).toBeGreaterThan(350);
    await sale;
  });
});

describe('the terminal keeps nobody waiting (performance targets of Book A)', () => {
  it('shows what was decided offline within 250 ms of the card’s last answer', async () => {
    const { sale, reader, seen, answeredMs } = await withOutcomes([outcome('declined')]);
    reader.place(phone);
    await seen('declined');
    expect(performance.now() - answeredMs()).toBeLessThan(250);
    await sale;
  });

  it('adds less than 400 ms to the time that the host takes', async () => {
    const { sale, reader, seen, answeredMs } = await withOutcomes([online()]);
    reader.place(phone);
    await seen('approved');
    expect(performance.now() - answeredMs()).toBeLessThan(400);
    await sale;
  });
});

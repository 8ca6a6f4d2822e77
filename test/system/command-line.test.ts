import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countertap, type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

let terminal: RunningTerminal;
beforeAll(async () => {
  terminal = await runTerminal({
    reader: 'in-process',
    config: {
      payment: { cardTimeoutSeconds: 5, resultSeconds: 1 },
      offline: { deferred: true, paymentMinor: 10_000 },
    },
  });
});
afterAll(async () => terminal?.close());

describe('the command line', () => {
  for (const amount of ['12.505', '-1', '1e9', '0', '']) {
    it(`refuses the amount "${amount}" with exit 3 and a sentence`, async () => {
      const { code, stderr, stdout } = await terminal.countertap('sale', amount);
      expect(code).toBe(3);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^countertap: ".*" .+\n$/);
    });
  }

  it('refuses a currency it does not know with exit 3', async () => {
    const { code, stderr } = await terminal.countertap('sale', '1', '--currency', 'XYZ');
    expect(code).toBe(3);
    expect(stderr).toContain('"XYZ" is not a currency');
  });

  it('refuses a card it does not know with exit 3, and names those there are', async () => {
    const { code, stderr } = await terminal.countertap('tap', 'visa-watch');
    expect(code).toBe(3);
    expect(stderr).toContain('visa-phone');
  });

  it('takes a payment in another currency through the in-process reader', async () => {
    const paying = terminal.countertap('sale', '5', '--currency', 'EUR', '--json');
    await untilPaying();
    await terminal.countertap('tap', 'mastercard-phone');
    const { code, stdout } = await paying;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'approved', currency: 'EUR' });
  });

  it('tells a second sale that the terminal is busy, with exit 3; Ctrl-C is exit 2', async () => {
    const first = terminal.countertap('sale', '1.00');
    await untilPaying();
    const second = await terminal.countertap('sale', '2.00');
    expect(second.code).toBe(3);
    expect(second.stdout).toContain('another payment is being taken');
    expect((await terminal.countertap('cancel')).code).toBe(0);
    const { code, stdout } = await first;
    expect(code).toBe(2);
    expect(stdout).toContain('Cancelled');
  });

  it('ends a sale that nobody pays with exit 2', async () => {
    const { code, stdout } = await terminal.countertap('sale', '1.00', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'timedOut' });
  });

  it('takes a payment while the acquirer is absent, and tells staff of a refusal', async () => {
    await terminal.countertap('acquirer', 'absent');
    // Over the shop's limit without the host; the acquirer declines .05 later.
    const over = await paid('visa-phone', 'sale', '100.01', '--json');
    expect(over.code).toBe(1);
    expect(JSON.parse(over.stdout).reason).toContain('over the limit of a payment');
    const taken = await paid('visa-phone', 'sale', '66.05', '--id', 'later');
    expect(taken.code).toBe(0);
    expect(taken.stdout).toMatch(/^host +approved without the host; will be forwarded/m);
    const status = await terminal.countertap('status');
    expect(status.stdout).toMatch(/^to forward 1, the oldest taken [0-9]+ s ago$/m);
    const open = await terminal.countertap('journal', 'list', '--open');
    expect(open.stdout).toMatch(/^\S+ {2}\S+ {2}queued, open .*\$66\.05 USD .* till later\n$/);
    await terminal.countertap('acquirer', 'present');
    const refusedLater = async () => (await terminal.status())['refusedLater'];
    await expect.poll(refusedLater, { timeout: 15_000 }).toBe(1);
    const again = await terminal.countertap('sale', '66.05', '--id', 'later');
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/^Refused .*\nasked again .*refused by the host when/);
    const list = await terminal.countertap('journal', 'list', '--refused');
    expect(list.stdout).toContain('till later');
    expect((await terminal.countertap('note', 'later')).code).toBe(0);
    expect(await refusedLater()).toBe(0);
  });

  it('gives a till that was killed while the host decided the one true result', async () => {
    await terminal.countertap('acquirer', 'slow', '1500');
    const first = terminal.running('sale', '7.00', '--id', 'killed');
    await untilPaying();
    await terminal.countertap('tap', 'visa-phone');
    await untilAtTheHost();
    first.process.kill('SIGKILL');
    await first.finished;
    const { code, stdout } = await terminal.countertap('sale', '7.00', '--id', 'killed', '--json');
    await terminal.countertap('acquirer', 'normal');
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ status: 'approved', tillId: 'killed', amountMinor: 700 });
    const ledger = JSON.parse((await terminal.countertap('acquirer', 'ledger')).stdout);
    const ours = ledger.entries.filter((one: { amountMinor?: number }) => one.amountMinor === 700);
    expect(ours).toHaveLength(1);
    expect(JSON.stringify(ours)).toContain(result.authorisationCode);
  });

  it('says what was approved and what is left to pay, and what the cashier is to do', async () => {
    const part = await paid('visa-phone', 'sale', '66.10', '--partial');
    expect(part.code).toBe(0);
    expect(part.stdout).toMatch(/^Approved +\$33\.05 USD of \$66\.10 USD/);
    expect(part.stdout).toMatch(/^left to pay +\$33\.05 USD$/m);
    const call = await paid('visa-phone', 'sale', '66.01');
    expect(call.code).toBe(1);
    expect(call.stdout).toMatch(/^cashier +call the issuer\ntry again +after the call/m);
  });

  it('refunds to the card of an earlier payment, and takes another payment back', async () => {
    await paid('visa-phone', 'sale', '20', '--id', 'S1');
    const refund = await terminal.countertap('refund', '5', '--of', 'S1', '--id', 'R1');
    expect(refund.code).toBe(0);
    expect(refund.stdout).toMatch(/^Refunded +\$5\.00 USD/);
    expect(refund.stderr).toBe('asking the host\n');
    const more = await terminal.countertap('refund', '15.01', '--of', 'S1');
    expect(more.code).toBe(3);
    expect(more.stdout).toContain('more than is left of the payment');
    const refused = await terminal.countertap('void', 'S1');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^countertap: payment \S+: a part of it was refunded/);
    const gone = await terminal.countertap('void', 'R1');
    expect(gone).toMatchObject({ code: 0, stdout: expect.stringMatching(/: taken back\n$/) });
    const unknown = await terminal.countertap('void', 'S9');
    expect(unknown).toMatchObject({ code: 3, stderr: 'countertap: no payment S9\n' });
  });

  it('holds an amount and collects less of it; then the books agree with the host', async () => {
    const held = await paid('visa-phone', 'sale', '40', '--pre-authorise', '--id', 'H1');
    expect(held.stdout).toMatch(/^Held +\$40\.00 USD/);
    const more = await terminal.countertap('complete', 'H1', '40.01');
    expect(more).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('than the amount held'),
    });
    const collected = await terminal.countertap('complete', 'H1', '30', '--id', 'C1');
    expect(collected.code).toBe(0);
    expect(collected.stdout).toMatch(/^Collected +\$30\.00 USD/);
    await expect.poll(async () => (await terminal.status())['toForward']).toBe(0);
    const { code, stdout } = await terminal.countertap('reconcile');
    expect(stdout).toMatch(/^period 1: [0-9]+ payments? \$.* USD, .*: in balance with the host$/m);
    expect(code).toBe(0);
    expect((await terminal.countertap('reconcile')).stdout).toContain('nothing to reconcile');
    const late = await terminal.countertap('void', 'C1');
    expect(late).toMatchObject({ code: 1, stderr: expect.stringMatching(/: refund it\n$/) });
  });

  it('says what the terminal is doing, in words and as JSON', async () => {
    const words = await terminal.countertap('status');
    expect(words.stdout).toMatch(
      /state +idle\nreader +ok.*\ncontactless on\nhost +ok.*\njournal +ok\nkeys +ok\n/,
    );
    const json = JSON.parse((await terminal.countertap('status', '--json')).stdout);
    expect(json).toMatchObject({ state: 'idle', readerPresent: true, linkUp: true });
  });

  it('lists the cards with the outcome each shows', async () => {
    const { stdout } = await terminal.countertap('cards');
    for (const name of ['visa-phone', 'visa-plastic', 'mastercard-phone']) {
      expect(stdout).toContain(name);
    }
    expect(stdout).not.toMatch(/[0-9]{13}/);
  });

  it('does not start a second terminal on the same state', async () => {
    const { code, stderr } = await terminal.countertap('run', '--reader', 'in-process');
    expect(code).toBe(3);
    expect(stderr).toContain('already running');
  });

  it('does not start with a configuration that has a fault', async () => {
    const { code, stderr } = await countertap(['run', '--config', '/nowhere/at/all']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/terminal\.json: expected a file that can be read, found ENOENT\n$/);
  });

  it('says with exit 3 that no terminal is running, where none is', async () => {
    const { code, stderr } = await countertap(['--state', '/nowhere/at/all', 'sale', '1']);
    expect(code).toBe(3);
    expect(stderr).toContain('no terminal is running');
  });
});

/** A command that wants a card, and a card for it. */
const paid = async (card: string, ...words: readonly string[]) => {
  const paying = terminal.countertap(...words);
  await untilPaying();
  await terminal.countertap('tap', card);
  return paying;
};

const untilAtTheHost = () =>
  expect
    .poll(async () => (await terminal.countertap('journal', 'list', '--open')).stdout, {
      timeout: 5000,
    })
    .toContain('asking');

const untilPaying = () =>
  expect.poll(async () => (await terminal.status())['state'], { timeout: 5000 }).toBe('sale');

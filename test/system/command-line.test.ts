import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countertap, type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

let terminal: RunningTerminal;
beforeAll(async () => {
  terminal = await runTerminal({
    reader: 'in-process',
    config: { payment: { cardTimeoutSeconds: 5, resultSeconds: 1 } },
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

  it('declines when the acquirer is absent, and recovers when it is back', async () => {
    await terminal.countertap('acquirer', 'absent');
    const paying = terminal.countertap('sale', '1.00', '--json');
    await untilPaying();
    await terminal.countertap('tap', 'visa-phone');
    const { code, stdout } = await paying;
    expect(code).toBe(1);
    expect(JSON.parse(stdout).reason).toContain('unable to go online');
    await terminal.countertap('acquirer', 'present');
    await expect
      .poll(async () => (await terminal.status())['linkUp'], { timeout: 10_000 })
      .toBe(true);
    const again = terminal.countertap('sale', '1.00');
    await untilPaying();
    await terminal.countertap('tap', 'visa-phone');
    expect((await again).code).toBe(0);
  });

  it('says what the terminal is doing, in words and as JSON', async () => {
    const words = await terminal.countertap('status');
    expect(words.stdout).toMatch(/state +idle\nreader +ok/);
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

const untilPaying = () =>
  expect.poll(async () => (await terminal.status())['state'], { timeout: 5000 }).toBe('sale');

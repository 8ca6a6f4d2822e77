import { describe, expect, test } from 'vitest';
import type { UpkeepStanding } from '#console/api.ts';
import { consoleOfEachTest, PHONE } from './pages.ts';

const consoles = consoleOfEachTest();

const SETTLED: UpkeepStanding = {
  ...{ managed: true, version: '1.4.0', phase: 'settled', work: 'none', spare: '1.3.2' },
  lastLook: { atMs: Date.UTC(2026, 10, 22, 13, 30) },
};

const tell = (upkeep: UpkeepStanding): void => {
  const { server } = consoles;
  server.upkeep = upkeep;
  server.tell('now', server.now());
};

const openAt = (who: string, upkeep: UpkeepStanding) => {
  delete consoles.server.people.find(({ name }) => name === who)?.lockedForMs;
  consoles.server.upkeep = upkeep;
  return consoles.openAs(who, 'updates', { kept: true, viewport: PHONE });
};

const buttonsOf = (page: Awaited<ReturnType<typeof openAt>>) =>
  page.getByRole('main').getByRole('button').allInnerTexts();

describe('the page of updates', () => {
  test('follows an update from the look to what it waits for', async () => {
    const page = await openAt('Ann', SETTLED);
    const main = page.getByRole('main');
    await main.getByText('No update is under way.').waitFor();
    await main.getByText('1.3.2, to go back to').waitFor();
    const offered = '1.4.1';
    const steps: readonly [Partial<UpkeepStanding>, string][] = [
      [{ work: 'looking' }, 'Asking the repository what is offered.'],
      [{ work: 'fetching', offered }, 'Fetching version 1.4.1.'],
      [{ work: 'installing', offered }, 'Unpacking and trying version 1.4.1.'],
      [{ work: 'ready', offered, waitsFor: 'window' }, 'It waits for the hours for updates.'],
      [{ work: 'ready', offered, waitsFor: 'payment' }, 'It waits for the payment to end.'],
      [{ work: 'switching' }, 'The terminal is about to start again.'],
    ];
    for (const [change, words] of steps) {
      tell({ ...SETTLED, ...change });
      await page.locator('main [role=status]').getByText(words).waitFor();
    }
    const { server } = consoles;
    server.status = { ...server.status, state: 'sale' };
    tell({ ...SETTLED, work: 'switching' });
    await main.getByText('starts again as soon as the payment has ended.').waitFor();
    expect(await main.getByText('1.4.0').first().isVisible()).toBe(true);
  });

  test('says why the last update was left and what was wrong at the last look', async () => {
    const page = await openAt('Bob', {
      ...SETTLED,
      ...{ phase: 'rolledBack', spare: '1.4.1', reason: '1.4.1 was left: no reader is found' },
      lastLook: { atMs: Date.UTC(2026, 10, 22, 13, 30), problem: 'no route to host' },
    });
    await page.getByText('Why the last update was left: 1.4.1 was left: no reader').waitFor();
    await page.getByText('What was wrong at the last look: no route to host').waitFor();
    await page.getByText('1.4.1, which was left').waitFor();
    // A cashier sees all of it, and no button.
    await page.getByText('A manager or a technician can order updates.').waitFor();
    expect(await buttonsOf(page)).toEqual([]);
  });

  test('offers a checkout nothing', async () => {
    const page = await openAt('Ann', {
      ...{ managed: false, version: '1.4.0', phase: 'idle', work: 'none' },
    });
    await page.getByText('This terminal runs from a checkout: nothing updates it.').waitFor();
    expect(await buttonsOf(page)).toEqual([]);
  });

  test('offers a release on trial no other one, and the way back', async () => {
    const page = await openAt('Tess', { ...SETTLED, phase: 'probation' });
    await page.getByText('If it fails, the release before takes over by itself.').waitFor();
    expect(await buttonsOf(page)).toEqual(['Look now', 'Go back to 1.3.2']);
  });
});

describe('a technician with the keyboard alone', () => {
  test('looks, installs and goes back with a reason', async () => {
    const page = await openAt('Tess', SETTLED);
    const { seen } = consoles.server;
    const button = (name: string) => page.getByRole('main').getByRole('button', { name });
    const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name });
    await button('Look now').press('Enter');
    await page.locator('.notices').getByText('The repository is being asked.').waitFor();
    await button('Install now').press('Enter');
    await page.getByText('as soon as nobody pays').waitFor();
    await inDialog('Install now').press('Enter');
    await page.locator('.notices').getByText('The update is under way.').waitFor();
    await button('Go back to 1.3.2').press('Enter');
    await inDialog('Go back to 1.3.2').press('Enter');
    const why = page.getByLabel('Reason');
    await expect.poll(() => why.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await why.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.type('The reader is slow');
    await inDialog('Go back to 1.3.2').press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(seen.map(({ path, body }) => [path, body])).toEqual([
      ['/api/updates/look', undefined],
      ['/api/updates/install', undefined],
      ['/api/updates/roll-back', { why: 'The reader is slow' }],
    ]);
  });

  test('finds buttons that do nothing while an update is under way', async () => {
    const page = await openAt('Tess', { ...SETTLED, work: 'fetching', offered: '1.4.1' });
    for (const name of ['Look now', 'Install now', 'Go back to 1.3.2']) {
      const button = page.getByRole('main').getByRole('button', { name });
      expect(await button.getAttribute('aria-disabled')).toBe('true');
      await button.press('Enter');
    }
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(consoles.server.seen).toEqual([]);
  });
});

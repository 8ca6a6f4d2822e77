import type { Page } from 'playwright-core';
import { firstValueFrom, type Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnswerGiven, DisplayView } from '#ports/customer-display.ts';
import type { Asked } from '#ports/shopper-question.ts';
import { asks, asksIn } from '../questions.ts';
import { viewOf } from '../views.ts';
import { displayOfEachTest, LARGE, SMALL } from './display.ts';
import { flawsOf } from './in-page.ts';

const display = displayOfEachTest();
let given: AnswerGiven[];
let watching: Subscription;

beforeEach(() => {
  given = [];
  watching = display.kiosk.answers$.subscribe((answer) => given.push(answer));
});
afterEach(() => watching.unsubscribe());

const KINDS = Object.keys(asks) as (keyof typeof asks)[];

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Shows a question, and waits for its own form: two of a kind have the same words. */
const show = async (page: Page, ask: Asked, language = 'en', more: Partial<DisplayView> = {}) => {
  const view = { ...asksIn(language, ask), ...more };
  await display.show(page, view);
  await page.locator(`[data-ask=${ask.kind}] .question`).waitFor();
  return view.question?.id ?? '';
};

const answerTo = () => firstValueFrom(display.kiosk.answers$);
const typeBy = async (page: Page, keys: string) => {
  for (const key of keys) await button(page, key).click();
};

describe.each([SMALL, LARGE])('at $width by $height', (viewport) => {
  test.each(['en', 'de', 'ar'])('each form fits in %s', async (language) => {
    const page = await display.openPage({ viewport });
    for (const kind of KINDS) {
      await show(page, asks[kind], language);
      expect({ kind, flaws: await flawsOf(page) }).toEqual({ kind, flaws: [] });
      const name = `${viewport.width}x${viewport.height}-${language}-question-${kind}`;
      await display.picture(page, `${name}`);
    }
  });
});

test.each(['es', 'fr', 'it', 'pt', 'zh', 'ja'])('words and keys of %s fit as well', async (own) => {
  const page = await display.openPage();
  for (const kind of KINDS) {
    await show(page, asks[kind], own);
    expect({ kind, flaws: await flawsOf(page) }).toEqual({ kind, flaws: [] });
  }
  await display.picture(page, `800x480-${own}-question`);
});

test('an upright display has room for each form', async () => {
  const page = await display.openPage({ viewport: { width: 480, height: 800 } });
  for (const kind of KINDS) {
    await show(page, asks[kind]);
    expect({ kind, flaws: await flawsOf(page) }).toEqual({ kind, flaws: [] });
    await display.picture(page, `480x800-question-${kind}`);
  }
});

test.each(KINDS)('%s: cancelled, by button and by key', async (kind) => {
  const page = await display.openPage();
  for (const cancel of [
    () => button(page, 'Cancel').click(),
    () => page.keyboard.press('Escape'),
  ]) {
    const id = await show(page, asks[kind]);
    const answer = answerTo();
    await cancel();
    expect(await answer).toEqual({ id, answer: { kind: 'cancelled' } });
  }
});

test.each(KINDS)('%s: taken back, and nothing can be touched any more', async (kind) => {
  const page = await display.openPage();
  await show(page, asks[kind]);
  await display.show(page, viewOf('welcome'));
  expect(await page.locator('.question, button, input').count()).toBe(0);
  await page.keyboard.press('Escape');
  await display.show(page, viewOf('approved'));
  expect(given).toEqual([]);
});

test('what is left of its time is shown, and said', async () => {
  const page = await display.openPage({ clock: 'stopped' });
  await show(page, asks.confirmation, 'en', { timeLeft: { ms: 31_000, ofMs: 60_000 } });
  expect(await page.getByRole('timer').innerText()).toBe('Time left 0:31');
  await page.clock.runFor(1_100);
  expect(await page.getByRole('status').innerText()).toBe('Time left: 30 seconds');
  await show(page, asks.confirmation, 'en', { timeLeft: { ms: 0, ofMs: 60_000 } });
  expect(await page.getByRole('timer').innerText()).toBe('Time left 0:00');
});

describe('a confirmation', () => {
  test.each([
    ['Yes', true],
    ['No', false],
  ])('%s', async (name, confirmed) => {
    const page = await display.openPage({ hasTouch: true });
    const id = await show(page, asks.confirmation);
    const answer = answerTo();
    await button(page, name).tap();
    expect(await answer).toEqual({ id, answer: { kind: 'confirmation', confirmed } });
    expect(await page.locator('.question').getAttribute('aria-busy')).toBe('true');
  });

  test('by keyboard alone', async () => {
    const page = await display.openPage();
    await show(page, asks.confirmation);
    for (let times = 0; times < 2; times += 1) await page.keyboard.press('Tab');
    expect(await page.locator(':focus-visible').innerText()).toBe('No');
    const answer = answerTo();
    await page.keyboard.press('Enter');
    expect((await answer).answer).toEqual({ kind: 'confirmation', confirmed: false });
  });

  test('of two displays the first counts, and the other may be touched in vain', async () => {
    const [one, other] = [await display.openPage(), await display.openPage()];
    await show(one, asks.confirmation);
    await button(other, 'No').waitFor();
    const answer = answerTo();
    await button(one, 'Yes').click();
    await answer;
    const late = other.waitForResponse((response) => response.url().endsWith('/answer'));
    await button(other, 'No').click();
    expect((await late).status()).toBe(409);
    expect(given.map((it) => it.answer)).toEqual([{ kind: 'confirmation', confirmed: true }]);
  });

  test('that never arrived can be answered again', async () => {
    const page = await display.openPage();
    await show(page, asks.confirmation);
    await page.route('**/answer', (route) => route.abort());
    const failed = page.waitForEvent('requestfailed');
    await button(page, 'Yes').click();
    await failed;
    await expect.poll(() => page.locator('[data-sent]').count()).toBe(0);
    await page.unroute('**/answer');
    const answer = answerTo();
    await button(page, 'No').click();
    expect((await answer).answer).toEqual({ kind: 'confirmation', confirmed: false });
  });
});

describe('digits', () => {
  test('are typed by touch, mended, and no more than may be', async () => {
    const page = await display.openPage();
    await show(page, asks.digits);
    expect(await button(page, 'Done').getAttribute('aria-disabled')).toBe('true');
    await typeBy(page, '127');
    await button(page, 'Delete').click();
    await typeBy(page, '.505');
    expect(await page.getByRole('textbox').inputValue()).toBe('12.50');
    const answer = answerTo();
    await button(page, 'Done').click();
    expect((await answer).answer).toEqual({ kind: 'digits', typed: '12.50' });
  });

  test('have the decimal mark of the language, and arrive with a point', async () => {
    const page = await display.openPage();
    await show(page, asks.digits, 'de');
    await page.keyboard.type('1a2,3');
    expect(await page.getByRole('textbox').inputValue()).toBe('12,3');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('5');
    const answer = answerTo();
    await page.keyboard.press('Enter');
    expect((await answer).answer).toEqual({ kind: 'digits', typed: '12.5' });
  });

  test('that are masked are not to be read, and begin as asked', async () => {
    const page = await display.openPage();
    await show(page, asks.masked);
    expect(await page.locator('input').getAttribute('type')).toBe('password');
    expect(await page.locator('.display').innerText()).not.toContain('123');
    await typeBy(page, '4');
    const answer = answerTo();
    await button(page, 'Done').click();
    expect((await answer).answer).toEqual({ kind: 'digits', typed: '1234' });
  });

  test('are kept while something else of the picture changes', async () => {
    const page = await display.openPage();
    const id = await show(page, asks.digits);
    await typeBy(page, '42');
    const view = asksIn('en', asks.digits);
    const question = view.question && { ...view.question, id };
    display.kiosk.show({ ...view, headline: 'Once more', ...(question && { question }) });
    await page.getByText('Once more').waitFor();
    expect(await page.getByRole('textbox').inputValue()).toBe('42');
    await show(page, asks.digits);
    expect(await page.getByRole('textbox').inputValue()).toBe('');
  });
});

describe('a text', () => {
  test('is typed by touch, with capitals, accents and signs', async () => {
    const page = await display.openPage();
    await show(page, asks.text, 'de');
    await button(page, 'Leeren').click();
    await button(page, 'Großbuchstaben').click();
    await typeBy(page, 'Jörg');
    await button(page, 'Leerzeichen').click();
    await button(page, '123').click();
    await typeBy(page, '7');
    const answer = answerTo();
    await button(page, 'Fertig').click();
    expect((await answer).answer).toEqual({ kind: 'text', typed: 'Jörg 7' });
  });

  test('is typed on a keyboard that is plugged in, no longer than it may be', async () => {
    const page = await display.openPage();
    await show(page, { ...asks.text, initial: '', maxLength: 5 });
    await page.keyboard.insertText('Zoë 日本');
    expect(await page.getByRole('textbox').inputValue()).toBe('Zoë 日');
    const answer = answerTo();
    await page.keyboard.press('Enter');
    expect((await answer).answer).toEqual({ kind: 'text', typed: 'Zoë 日' });
  });

  test('has Arabic keys where Arabic is spoken', async () => {
    const page = await display.openPage();
    await show(page, { ...asks.text, initial: '' }, 'ar');
    await typeBy(page, 'سلام');
    const answer = answerTo();
    await button(page, 'تم').click();
    expect((await answer).answer).toEqual({ kind: 'text', typed: 'سلام' });
  });
});

describe('a menu', () => {
  test('of one: a touch is the answer', async () => {
    const page = await display.openPage();
    const id = await show(page, asks.menu);
    const answer = answerTo();
    await button(page, '15 % · $1.88').click();
    expect(await answer).toEqual({ id, answer: { kind: 'menu', chosen: [2] } });
  });

  test('of several: what is chosen has a tick, and is the answer with "done"', async () => {
    const page = await display.openPage();
    await show(page, asks.several);
    const pressed = page.getByRole('button', { pressed: true });
    expect(await pressed.allInnerTexts()).toEqual(['Cake']);
    await button(page, 'Cake').click();
    await button(page, 'Tea').click();
    await button(page, 'Coffee').click();
    expect(await pressed.allInnerTexts()).toEqual(['Coffee', 'Tea']);
    const answer = answerTo();
    await button(page, 'Done').click();
    expect((await answer).answer).toEqual({ kind: 'menu', chosen: [0, 1] });
  });

  test('that is longer than the display is scrolled, and large enough throughout', async () => {
    const page = await display.openPage({ hasTouch: true });
    const entries = Array.from({ length: 40 }, (_, at) => `Entry ${at + 1}`);
    await show(page, { kind: 'menu', entries, several: false, initial: [] });
    const last = button(page, 'Entry 40');
    expect((await last.boundingBox())?.y).toBeGreaterThan(SMALL.height);
    await page.locator('.entries').hover();
    await page.mouse.wheel(0, 5_000);
    await expect.poll(async () => (await last.boundingBox())?.y).toBeLessThan(SMALL.height);
    expect((await last.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    const answer = answerTo();
    await last.tap();
    expect((await answer).answer).toEqual({ kind: 'menu', chosen: [39] });
  });
});

describe('a signature', () => {
  const stroke = async (page: Page, points: readonly (readonly [number, number])[]) => {
    const box = await page.getByRole('img', { name: 'Sign here' }).boundingBox();
    if (!box) throw new Error('there is no field to sign');
    for (const [at, [x, y]] of points.entries()) {
      await page.mouse.move(box.x + x, box.y + y);
      if (at === 0) await page.mouse.down();
    }
    await page.mouse.up();
  };

  test('is drawn, cleared, drawn again and done', async () => {
    const page = await display.openPage();
    await show(page, asks.signature);
    expect(await button(page, 'Done').getAttribute('aria-disabled')).toBe('true');
    await stroke(page, [
      [5, 5],
      [9, 9],
    ]);
    await button(page, 'Clear').click();
    expect(await button(page, 'Done').getAttribute('aria-disabled')).toBe('true');
    await stroke(page, [
      [20, 30],
      [60, 80],
      [100, 30],
    ]);
    await stroke(page, [
      [150, 40],
      [152, 90],
    ]);
    await display.picture(page, '800x480-signed');
    const answer = answerTo();
    await button(page, 'Done').click();
    const { answer: signed } = await answer;
    if (signed.kind !== 'signature') throw new Error(signed.kind);
    const { strokes, width, height } = signed.signature;
    expect(strokes.length).toBe(2);
    // The field need not begin on a whole pixel.
    const ends = strokes.map((one) => [one[0], one.at(-1)]).flat(2);
    for (const [at, near] of [20, 30, 100, 30, 150, 40, 152, 90].entries()) {
      expect(Math.abs((ends[at] ?? -9) - near)).toBeLessThanOrEqual(1);
    }
    expect(width).toBeGreaterThan(height);
  });

  test('of more points than may be is thinned out, and keeps its ends', async () => {
    const page = await display.openPage();
    await show(page, asks.signature);
    await page.getByRole('img', { name: 'Sign here' }).evaluate((paper: HTMLCanvasElement) => {
      paper.setPointerCapture = () => undefined;
      paper.hasPointerCapture = () => true;
      const { left, top } = paper.getBoundingClientRect();
      const at = (type: string, step: number) =>
        paper.dispatchEvent(
          new PointerEvent(type, {
            clientX: left + 9 + (step % 500),
            clientY: top + 20,
            pointerId: 1,
          }),
        );
      at('pointerdown', 0);
      for (let step = 1; step <= 3_000; step += 1) at('pointermove', step);
    });
    const answer = answerTo();
    await button(page, 'Done').click();
    const { answer: signed } = await answer;
    if (signed.kind !== 'signature') throw new Error(signed.kind);
    const [points = []] = signed.signature.strokes;
    expect(points.length).toBeLessThanOrEqual(2_000);
    expect(points.length).toBeGreaterThan(1_000);
    // It ends where it began: after six times the width.
    expect(points.at(-1)).toEqual(points[0]);
  });
});

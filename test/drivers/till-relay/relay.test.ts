import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { bytes } from '../till/fake-desk.ts';
import { message, openBoth, POI, TOKEN } from './support.ts';

let both: Awaited<ReturnType<typeof openBoth>>;
afterEach(async () => {
  await both.close();
  expect(JSON.stringify(both.lines)).not.toContain(TOKEN);
});

const open = async (...parts: Parameters<typeof openBoth>) => {
  both = await openBoth(...parts);
  return both;
};

const connected = () => expect.poll(() => both.relay().connected()).toEqual([POI]);
const heardBy = (count: number) => expect.poll(() => both.desk.heard.length).toBe(count);

describe('a till in the cloud', () => {
  test('is answered through the relay, and the desk is loaded for its first message', async () => {
    const { post, loads, terminal } = await open();
    await connected();
    expect(loads()).toBe(0);
    expect(await post(message('pay'))).toEqual({ status: 200, body: `echo ${message('pay')}` });
    expect(await post(message('again'))).toMatchObject({ status: 200 });
    // The second's desk is the same one, asked for again.
    expect(both.desk.heard).toHaveLength(2);
    await expect.poll(() => terminal.state()).toEqual({ connected: true, kept: 0, underWay: 0 });
  });

  test('may come back for its answer, and is told what the terminal says unasked', async () => {
    const { post, answers, desk } = await open();
    await connected();
    expect(await post(message('pay'), 'async')).toEqual({ status: 200, body: 'ok' });
    await expect.poll(() => answers('Till1')).toEqual([`echo ${message('pay')}`]);
    desk.notify({ saleId: 'Till1', message: bytes('progress') });
    desk.notify({ saleId: 'Till2', message: bytes('not yours') });
    await expect.poll(() => answers('Till1')).toEqual(['progress']);
  });

  test('that asks a terminal which is away is told so, and it is never delivered', async () => {
    const terminals = { [POI]: 'token-of-tomorrow' };
    const { post, relay, desk, tokenPath } = await open({}, { terminals, deliverWithinMs: 500 });
    expect((await post(message('pay'))).status).toBe(503);
    expect((await post(message('pay', 'Other-1'))).status).toBe(404);
    expect(relay().connected()).toEqual([]);
    writeFileSync(tokenPath, 'token-of-tomorrow');
    await connected();
    expect((await post(message('next'))).status).toBe(200);
    expect(desk.heard.map(({ text }) => text)).toEqual([message('next')]);
  });

  test('waits for a terminal that is about to come back', async () => {
    const terminals = { [POI]: 'token-of-tomorrow' };
    const { post, tokenPath } = await open({}, { terminals });
    const answered = post(message('pay'));
    writeFileSync(tokenPath, 'token-of-tomorrow');
    expect((await answered).status).toBe(200);
  });
});

describe('a connection that breaks', () => {
  test('while a payment is taken loses no answer, and the payment is taken once', async () => {
    const { post, desk, relay } = await open();
    await connected();
    const answered = post(message('wait'));
    await heardBy(1);
    relay().drop();
    await connected();
    desk.release();
    expect(await answered).toEqual({ status: 200, body: `echo ${message('wait')}` });
    expect(desk.heard).toHaveLength(1);
    expect(desk.heard[0]?.caller.signal.aborted).toBe(false);
  });

  test('before the answer can be said: it is said when the relay is there again', async () => {
    const { post, desk, relay, terminal } = await open({
      timing: { retryFirstMs: 400, retryLastMs: 400, pingMs: 200 },
    });
    await connected();
    const answered = post(message('wait'));
    await heardBy(1);
    relay().drop();
    await expect.poll(() => terminal.state().connected).toBe(false);
    desk.release();
    await expect.poll(() => terminal.state()).toEqual({ connected: false, kept: 1, underWay: 0 });
    expect((await answered).body).toBe(`echo ${message('wait')}`);
    await expect.poll(() => terminal.state().kept).toBe(0);
  });

  test('again and again, with many messages: each is heard once and answered', async () => {
    const { post, relay, desk } = await open();
    await connected();
    const posts = Array.from({ length: 40 }, (_, n) => post(message(`m${n}`)));
    for (let cut = 0; cut < 4; cut++) {
      relay().drop();
      await connected();
    }
    const all = await Promise.all(posts);
    expect(all.map(({ body }) => body)).toEqual(
      Array.from({ length: 40 }, (_, n) => `echo ${message(`m${n}`)}`),
    );
    expect(new Set(desk.heard.map(({ text }) => text)).size).toBe(40);
    expect(desk.heard).toHaveLength(40);
  });

  test('without a word is found out by its silence', async () => {
    const { relay, lines, post } = await open({
      timing: { retryFirstMs: 20, retryLastMs: 60, pingMs: 80 },
    });
    await connected();
    relay().mute();
    const gone = () => lines.filter(({ message }) => message.includes('is gone')).length;
    await expect.poll(gone).toBe(1);
    await expect
      .poll(async () => (await post(message('next'))).status, { timeout: 5000 })
      .toBe(200);
  });

  test('with a relay that starts anew is made again', async () => {
    const { restartRelay, post } = await open();
    await connected();
    await restartRelay();
    await connected();
    expect((await post(message('pay'))).status).toBe(200);
  });
});

describe('a relay', () => {
  test('that acknowledges nothing is not kept answers for without end', async () => {
    const { relay, post, terminal, lines } = await open({ mostKept: 3 });
    await connected();
    relay().acknowledge(false);
    for (const word of ['a', 'b', 'c', 'd', 'e']) await post(message(word));
    expect(terminal.state().kept).toBe(3);
    expect(lines.filter(({ message }) => message.includes('given up'))).toHaveLength(2);
  });

  test('that sends too much at once is told so', async () => {
    const { post, desk } = await open({ mostUnderWay: 2 });
    await connected();
    const waiting = [post(message('wait 1')), post(message('wait 2'))];
    await heardBy(2);
    expect((await post(message('third'))).status).toBe(503);
    desk.release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("that doesn't know the token is tried again; a new token counts", async () => {
    const { tokenPath, lines } = await open({}, { terminals: { [POI]: 'token-of-tomorrow' } });
    const errors = () => lines.filter(({ level }) => level === 'error');
    await expect.poll(() => errors().length).toBe(1);
    expect(errors()[0]?.message).toContain("doesn't know this terminal's token");
    writeFileSync(tokenPath, 'token-of-tomorrow');
    await connected();
    expect(errors()).toHaveLength(1);
  });

  test('with the certificate of another authority is not spoken to', async () => {
    const other = await openBoth();
    both = other;
    await connected();
    const { lines, relay } = await open({
      address: `wss://127.0.0.1:${other.relay().port}/terminals`,
    });
    await expect.poll(() => lines.some(({ level }) => level === 'error')).toBe(true);
    expect(relay().connected()).toEqual([]);
    await other.close();
  });
});

test('a terminal that ends leaves nothing open, connected or not', async () => {
  const { terminal, relay, post } = await open();
  await connected();
  const waiting = post(message('wait'));
  await heardBy(1);
  await terminal.close();
  expect(both.desk.heard[0]?.caller.signal.aborted).toBe(true);
  await expect.poll(() => relay().connected()).toEqual([]);
  expect(terminal.state().connected).toBe(false);
  await relay().close();
  await waiting.catch(() => undefined);
});

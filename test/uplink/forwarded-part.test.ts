import type { Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isFault } from '#ports/fault.ts';
import { createUplink, type Uplink } from '#uplink/index.ts';
import { answerTo, memoryLog, partsOver, payment, playedLink } from './support.ts';

let link: ReturnType<typeof playedLink>;
let log: ReturnType<typeof memoryLog>;
let parts: Awaited<ReturnType<typeof partsOver>>;
let uplink: Uplink;
let working: Subscription;

const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(async () => {
  vi.useFakeTimers();
  log = memoryLog();
  link = playedLink();
  parts = await partsOver(link, log);
  uplink = createUplink(parts);
  working = uplink.state$.subscribe();
  await passed(0);
});
afterEach(() => {
  working.unsubscribe();
  vi.useRealTimers();
});

test('of what was taken while the host was away, the part that the host takes counts', async () => {
  const told = { status: 'approved' };
  const accepted = await uplink.accept(await payment(1250, 1), 'deferred', told);
  if (isFault(accepted)) throw new Error(accepted.detail);
  await passed(0);
  const asked = link.sent.at(-1);
  if (asked === undefined) throw new Error('nothing was sent');
  const answer = answerTo(asked, [39, '10'], [4, '000000000500']);
  link.says(answer);
  await passed(0);
  expect(await parts.books.find('payment-1')).toMatchObject({
    state: 'approved',
    amountMinor: 1250,
    approvedMinor: 500,
  });
  expect(log.lines.join('\n')).toContain('only a part');
});

import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { type Family, type Metrics, openMetrics } from '#drivers/metrics/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

const FAMILIES: readonly Family[] = [
  {
    ...{ name: 'countertap_payments_total', help: 'Payments that ended', type: 'counter' },
    samples: [{ labels: { status: 'approved', scheme: 'a "quoted" one' }, value: 3 }],
  },
  {
    ...{ name: 'countertap_tap_duration_seconds', help: 'A tap', type: 'histogram' },
    bounds: [0.1, 0.5],
    distributions: [{ counts: [2, 1], count: 4, sum: 1.75 }],
  },
];

const opened: Metrics[] = [];
const serve = async (families: () => Promise<readonly Family[]>, port = 0): Promise<Metrics> => {
  const metrics = await openMetrics({ port, log: quiet, families });
  if (isFault(metrics)) throw new Error(metrics.detail);
  opened.push(metrics);
  return metrics;
};

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

describe('a scrape', () => {
  test('gets counters and cumulative buckets in the text format 0.0.4', async () => {
    const { url } = await serve(async () => FAMILIES);
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toBe(
      [
        '# HELP countertap_payments_total Payments that ended',
        '# TYPE countertap_payments_total counter',
        'countertap_payments_total{status="approved",scheme="a \\"quoted\\" one"} 3',
        '',
        '# HELP countertap_tap_duration_seconds A tap',
        '# TYPE countertap_tap_duration_seconds histogram',
        'countertap_tap_duration_seconds_bucket{le="0.1"} 2',
        'countertap_tap_duration_seconds_bucket{le="0.5"} 3',
        'countertap_tap_duration_seconds_bucket{le="+Inf"} 4',
        'countertap_tap_duration_seconds_sum 1.75',
        'countertap_tap_duration_seconds_count 4',
        '',
      ].join('\n'),
    );
  });

  test('reads anew each time', async () => {
    let value = 0;
    const family = () => ({ ...{ name: 'n', help: 'n', type: 'gauge' as const }, samples: [] });
    const { url } = await serve(async () => [{ ...family(), samples: [{ value: ++value }] }]);
    await fetch(url);
    expect(await (await fetch(url)).text()).toContain('n 2');
  });

  test('that fails is cut off, and the next one is answered', async () => {
    let failing = true;
    const { url } = await serve(async () => {
      if (failing) throw new Error('no reading');
      return FAMILIES;
    });
    await expect(fetch(url)).rejects.toThrow();
    failing = false;
    expect((await fetch(url)).status).toBe(200);
  });

  test.each([
    ['of another path', '/', 'GET', '127.0.0.1', 404],
    ['that would change something', '/metrics', 'POST', '127.0.0.1', 405],
    ['by a name that leads here from a page in a browser', '/metrics', 'GET', 'evil.test', 403],
  ])('%s is refused', async (_, path, method, host, status) => {
    const { url } = await serve(async () => FAMILIES);
    expect(await statusOf(url, path, method, host)).toBe(status);
  });
});

test('it listens on 127.0.0.1 and on no other address of the machine', async () => {
  const { url } = await serve(async () => FAMILIES);
  await expect(fetch(url.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow();
});

test('a port that is taken is a fault that names it', async () => {
  const { url } = await serve(async () => FAMILIES);
  const port = Number(new URL(url).port);
  const second = await openMetrics({ port, log: quiet, families: async () => [] });
  expect(second).toMatchObject({ fault: 'serviceDown' });
  expect(isFault(second) && second.detail).toContain(String(port));
});

const statusOf = (url: string, path: string, method: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(url);
    request({ host: '127.0.0.1', port, path, method, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

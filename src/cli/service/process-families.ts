import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Family } from '#drivers/metrics/index.ts';

/**
 * The process itself, under the names that Prometheus' clients agree on. The event loop's delay is
 * watched from the first scrape on, and is that since the scrape before.
 */
export const createProcessFamilies = (): (() => readonly Family[]) => {
  let delay: IntervalHistogram | undefined;
  return () => {
    const late = delay === undefined || delay.count === 0 ? undefined : latenessOf(delay);
    delay ??= startedDelay();
    delay.reset();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const startedSeconds = performance.timeOrigin / 1000;
    return [
      one('counter', 'process_cpu_seconds_total', 'User and system time', (user + system) / 1e6),
      one('gauge', 'process_resident_memory_bytes', 'Resident memory', rss),
      one('gauge', 'process_start_time_seconds', 'Start, in seconds since 1970', startedSeconds),
      one('gauge', 'nodejs_heap_size_used_bytes', 'Of the JavaScript heap', heapUsed),
      ...(late === undefined ? [] : latenessFamilies(late)),
    ];
  };
};

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

const RESOLUTION_MS = 20;

const startedDelay = (): IntervalHistogram => {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return delay;
};

// It measures from one sample to the next: its resolution is no lateness.
const latenessOf = (delay: IntervalHistogram) => {
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3);
  return { max: seconds(delay.max), p99: seconds(delay.percentile(99)) };
};

const latenessFamilies = ({ max, p99 }: { readonly max: number; readonly p99: number }) => [
  one('gauge', 'nodejs_eventloop_lag_max_seconds', 'Longest since the last scrape', max),
  one('gauge', 'nodejs_eventloop_lag_p99_seconds', '99th percentile since the last scrape', p99),
];

const one = (type: 'counter' | 'gauge', name: string, help: string, value: number): Family => ({
  ...{ name, help, type, samples: [{ value }] },
});

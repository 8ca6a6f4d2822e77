import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';

// Loaded into the terminal's own process (--import) by tests that ask whether its event loop was
// ever blocked: at SIGUSR2 it writes the longest pause since the last time, in milliseconds. What
// the thread spent ready to run while the machine ran something else is none of its pauses.

const PERIOD_MS = 2;
const file = process.env['COUNTERTAP_LOOP_WATCH'];
let longestMs = 0;
let last = { wallMs: performance.now(), queuedMs: 0 };

// Of the main thread: nanoseconds on a processor, nanoseconds in the queue for one. Where the
// kernel doesn't tell, every delay counts.
const openQueue = (): (() => number) => {
  try {
    const fd = openSync('/proc/self/schedstat', 'r');
    const bytes = Buffer.alloc(80);
    process.once('exit', () => closeSync(fd));
    return () => {
      const text = bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
      return Number(text.split(' ')[1]) / 1e6;
    };
  } catch {
    return () => 0;
  }
};

if (file !== undefined) {
  const queuedMs = openQueue();
  const now = () => ({ wallMs: performance.now(), queuedMs: queuedMs() });
  last = now();
  setInterval(() => {
    const { wallMs, queuedMs } = now();
    const pauseMs = wallMs - last.wallMs - (queuedMs - last.queuedMs) - PERIOD_MS;
    longestMs = Math.max(longestMs, pauseMs);
    last = { wallMs, queuedMs };
  }, PERIOD_MS).unref();
  process.on('SIGUSR2', () => {
    writeFileSync(file, JSON.stringify({ longestMs }));
    longestMs = 0;
    last = now();
  });
}

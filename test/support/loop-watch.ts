import { writeFileSync } from 'node:fs';

// Loaded into the terminal's own process (--import) by tests that ask whether its event loop was
// ever blocked: at SIGUSR2 it writes the longest pause since the last time, in milliseconds.

const PERIOD_MS = 2;
const file = process.env['COUNTERTAP_LOOP_WATCH'];
let longestMs = 0;
let lastMs = performance.now();

if (file !== undefined) {
  setInterval(() => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs - PERIOD_MS);
    lastMs = nowMs;
  }, PERIOD_MS).unref();
  process.on('SIGUSR2', () => {
    writeFileSync(file, JSON.stringify({ longestMs }));
    longestMs = 0;
    lastMs = performance.now();
  });
}

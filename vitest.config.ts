import { defineConfig } from 'vitest/config';

// The real world is single: one pcscd, one browser, one terminal at a time.
const system = [
  'test/system/**/*.test.ts',
  'test/drivers/pcsc/**/*.test.ts',
  'test/drivers/kiosk/**/*.test.{ts,tsx}',
  'test/console/page/**/*.test.ts',
  'test/till/page/**/*.test.ts',
  'test/drivers/receipt-page/browser.test.ts',
  'test/drivers/simulated/vpcd/**/*.test.ts',
  'test/drivers/simulated/acquirer/process.test.ts',
  // Long, or about time: what `npm run check` can do without.
  'test/cli/{acquirer,control-service,keys,log-file,nfc,nfc-terminal}.test.ts',
  'test/cli/{open-devices,output,qr,wallets}.test.ts',
  'test/console/{flood,live}.test.ts',
  'test/drivers/hid/guest.test.ts',
  'test/drivers/http/**/*.test.ts',
  'test/drivers/keystore/crash.test.ts',
  'test/drivers/serial/{byte-line,line-display,scanner}.test.ts',
  'test/drivers/sqlite/{damage,processes,start}.test.ts',
  'test/drivers/tls/refusals.test.ts',
  'test/iso8583/speed.test.ts',
  'test/simulation/**/*.test.ts',
  'test/terminal/{wire-speed,writes}.test.ts',
  'test/lab/session.test.ts',
  'test/cli/people.test.ts',
  'test/drivers/people/{flood,processes}.test.ts',
  'test/transcript/{bad-input,command}.test.ts',
];

const setupFiles = ['test/support/seed.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // One less than the cores is vitest's own choice: on two cores that is one.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: system,
          // Busy machines are slow; what a test says about time, it says itself.
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'system',
          setupFiles,
          include: system,
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});

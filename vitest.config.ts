import { defineConfig } from 'vitest/config';

// The real world is single: one pcscd, one whole terminal at a time.
const system = [
  // But for a release: whoever builds one needs no quiet.
  'test/system/!(release).test.ts',
  'test/drivers/pcsc/**/*.test.ts',
  'test/drivers/simulated/vpcd/**/*.test.ts',
  'test/drivers/simulated/acquirer/process.test.ts',
  // Long, or about time: what `npm run check` can do without.
  'test/cli/{acquirer,control-service,keys,log-file,nfc,nfc-terminal}.test.ts',
  'test/cli/{firmware,firmware-upkeep,journal-log,open-devices,output,qr}.test.ts',
  'test/cli/{service-manager,wallets}.test.ts',
  'test/cli/doctor/*.test.ts',
  'test/cli/support-bundle.test.ts',
  'test/console/{flood,live}.test.ts',
  'test/drivers/hid/guest.test.ts',
  'test/drivers/http/**/*.test.ts',
  'test/drivers/keystore/crash.test.ts',
  // SoftHSM reads its configuration once in a process's life.
  'test/drivers/pkcs11/key-store.test.ts',
  'test/drivers/serial/{byte-line,lending,line-display,scanner}.test.ts',
  'test/drivers/xmodem/lrzsz.test.ts',
  'test/drivers/sqlite/{damage,processes,start}.test.ts',
  'test/drivers/tls/refusals.test.ts',
  'test/iso8583/speed.test.ts',
  'test/simulation/**/*.test.ts',
  'test/terminal/{wire-speed,writes}.test.ts',
  'test/lab/session.test.ts',
  'test/cli/till.test.ts',
  'test/drivers/till/{adyen,limits,line,trust}.test.ts',
  'test/drivers/till-relay/relay.test.ts',
  'test/drivers/people/{flood,processes}.test.ts',
  'test/transcript/command.test.ts',
  'test/upkeep/processes.test.ts',
];

/** What `npm run check` can do without, and what may run side by side: long, or in a browser. */
const long = [
  'test/drivers/kiosk/**/*.test.{ts,tsx}',
  'test/console/page/**/*.test.ts',
  'test/till/page/**/*.test.ts',
  'test/drivers/receipt-page/browser.test.ts',
  'test/system/release.test.ts',
  'test/cli/people.test.ts',
  'test/transcript/{all-hold,bad-input}.test.ts',
  'test/drivers/simulated/reader/reader.test.ts',
  'test/drivers/simulated/cards/outcomes.test.ts',
  'test/kernels/fuzz.test.ts',
  'test/crypto/dukpt-register.test.ts',
  'test/settings/terminal.test.ts',
  'test/terminal/{final-outcomes,sale,shop-switch,switch-properties,which-card-pays}.test.ts',
  'test/till/{abort,payment,properties,services}.test.ts',
  'test/till/client-at-desk.test.ts',
  'test/console/{contactless,entry,payments}.test.ts',
  'test/{crypto/elliptic-curve,decisions/damage,oda/icc-key}.test.ts',
  'test/cli/{devices,journal,schemes}.test.ts',
  'test/drivers/{alipay,retailer-wallet}/host.test.ts',
  'test/drivers/{keystore/storage,simulated/acquirer/payments}.test.ts',
  'test/kernels/c?/bad-input.test.ts',
  'test/drivers/tuf/**/*.test.ts',
  'test/{ports/peripheral-firmware,drivers/hid-firmware/hid-firmware,drivers/xmodem/noise}.test.ts',
  'test/maker/**/*.test.ts',
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
          exclude: [...system, ...long],
          // Loading everything anew for each file would take longer than the tests themselves.
          isolate: false,
          // Busy machines are slow; what a test says about time, it says itself.
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'long',
          setupFiles,
          include: long,
          testTimeout: 60_000,
          hookTimeout: 60_000,
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

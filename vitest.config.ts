import { defineConfig } from 'vitest/config';

// The real world is single: one pcscd, one browser, one terminal at a time.
const system = ['test/system/**', 'test/drivers/pcsc/**', 'test/drivers/kiosk/**'];
const tests = '*.test.{ts,tsx}';

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        test: {
          name: 'unit',
          include: [`test/**/${tests}`],
          exclude: system,
        },
      },
      {
        test: {
          name: 'system',
          include: system.map((folder) => `${folder}/${tests}`),
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { consoleSection } from '#config/console-config.ts';

describe('the console in terminal.json', () => {
  test('is on this machine alone, with a certificate that is made, unless stated', () => {
    expect(v.parse(consoleSection, { port: 8443 })).toEqual({
      host: '127.0.0.1',
      port: 8443,
      names: [],
    });
  });

  test.each([
    [{ port: 0 }],
    [{ port: 8443, names: ['Till 3'] }],
    [{ port: 8443, names: ['till-3.'] }],
    [{ port: 8443, certificate: { certificate: 'a.pem' } }],
    [{ port: 8443, tls: false }],
  ])('is not %j', (section) => {
    expect(v.safeParse(consoleSection, section).success).toBe(false);
  });
});

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { readConfig } from '#config/read.ts';
import { commonNameOf, poiIdOf, tillSection } from '#config/till-config.ts';

const relay = { address: 'wss://relay.example/terminals', tokenFile: 'relay-token' };

describe('tills in terminal.json', () => {
  test('come from this machine alone, encrypted, and see no page, unless stated', () => {
    expect(v.parse(tillSection, {})).toEqual({
      ...{ host: '127.0.0.1', port: 8443, plain: false, page: false },
    });
  });

  test('may have all of it', () => {
    const section = {
      ...{ host: '0.0.0.0', port: 8500, poiId: 'V400m-123456789', plain: true, page: true },
      commonName: 'V400m-123456789.test.terminal.adyen.com',
      certificate: { certificate: 'a.pem', privateKey: 'a.key' },
      clientCertificates: 'ca.pem',
      relay: { ...relay, certificationAuthority: 'relay.pem' },
    };
    expect(v.parse(tillSection, section)).toEqual(section);
    const own = { ...relay, address: 'ws://127.0.0.1:9000' };
    expect(v.parse(tillSection, { relay: own }).relay).toEqual(own);
  });

  test.each([
    [{ port: 0 }, 'port: expected a port (1 to 65535), found 0'],
    [{ plain: 'yes' }, 'plain: expected true or false, found "yes"'],
    [{ poiId: 'a b' }, 'poiId: expected letters, digits and hyphens'],
    [{ commonName: 'a,CN=b' }, 'commonName: expected a name such as'],
    [{ certificate: { certificate: 'a.pem' } }, 'certificate.privateKey: expected'],
    [{ relay: { tokenFile: 'a' } }, 'relay.address: expected'],
    [
      { relay: { ...relay, address: 'ws://relay.example' } },
      'relay.address: expected a wss address',
    ],
    [{ relay: { ...relay, address: 'wss://me:secret@relay.example' } }, 'relay.address: expected'],
    [{ relay: { address: relay.address } }, 'relay: expected a tokenFile, a certificate or both'],
    [{ tls: false }, 'tls: expected no such key'],
  ])('%j is refused, with its path', (section, why) => {
    const text = JSON.stringify({ till: section });
    const read = readConfig({ name: 'terminal.json', text }, v.object({ till: tillSection }));
    expect(isConfigProblem(read) && describeConfigProblem(read)).toContain(`till.${why}`);
  });

  test("call the terminal by a name in the form of Adyen's, which its certificate has, too", () => {
    const adyens = /^[a-zA-Z0-9]+-[a-zA-Z0-9]+\.(live|test)\.terminal\.adyen\.com$/;
    expect(poiIdOf({}, { id: 'COUNTER1' })).toBe('Countertap-COUNTER1');
    expect(commonNameOf({}, { id: 'COUNTER1' })).toMatch(adyens);
    expect(poiIdOf({ poiId: 'P400-1' }, { id: 'COUNTER1' })).toBe('P400-1');
    expect(commonNameOf({ poiId: 'P400-1' }, { id: 'COUNTER1' })).toMatch(adyens);
    expect(commonNameOf({ commonName: 'till.shop' }, { id: 'COUNTER1' })).toBe('till.shop');
  });
});

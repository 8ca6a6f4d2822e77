import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { isConfigProblem } from '#config/problem.ts';
import { builtInKernels } from '#contactless/kernels.ts';
import { schemeOf, schemesWithoutBook } from '#data/schemes.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { acceptedBy } from '../../src/cli/schemes.ts';

const loaded = (set: string) => {
  const configuration = loadConfiguration(set);
  if (isConfigProblem(configuration)) throw new Error(`the set ${set} is broken`);
  return configuration;
};

const countertap = async (...words: string[]) =>
  (await promisify(execFile)('scripts/countertap', words)).stdout;

describe('what a terminal says it accepts', () => {
  const accepted = acceptedBy(loaded('base'));

  it('names every application that it takes, once for each kernel', () => {
    const { combinations } = loaded('base').contactless;
    const taken = [...combinations.values()].flat();
    for (const { aid, kernelId } of taken) {
      const rows = accepted.filter(
        (row) => row.kernel === kernelId && row.aids.includes(toHex(aid)),
      );
      expect(rows).toHaveLength(1);
    }
  });

  it('has a scheme for every kernel that is there', () => {
    expect(accepted.map(({ kernel }) => kernel)).toEqual([...builtInKernels.keys()]);
  });

  it.each([
    ['Mastercard', '02', 10000],
    ['Visa', '03', 10000],
    ['American Express', '04', 10000],
    ['JCB', '05', 10000],
    ['Discover', '06', 10000],
    ['UnionPay', '07', 10000],
    ['no scheme', '08', 10000],
  ])('takes %s by kernel %s, and verifies the holder from its limit', (scheme, kernel, limit) => {
    const row = accepted.find((one) => one.scheme === scheme);
    expect(row).toMatchObject({
      kernel,
      decided: 'online',
      payments: ['purchase', 'cash', 'purchase with cashback', 'refund'],
    });
    expect(row?.limits.readerCvmRequiredLimit).toBe(limit);
    expect(row?.mode).toContain('EMV mode');
  });

  it('says where payments may be decided without the host', () => {
    const offline = acceptedBy(loaded('test/support/offline-configuration'));
    expect(new Set(offline.map(({ decided }) => decided))).toEqual(new Set(['online or offline']));
  });

  it('has no scheme whose kernel no public book describes, and names those', async () => {
    const { combinations } = loaded('base').contactless;
    const taken = [...combinations.values()].flat().map(({ aid }) => aid);
    for (const { name, rid } of schemesWithoutBook) {
      expect(taken.filter((aid) => Buffer.from(aid).subarray(0, 5).equals(rid))).toEqual([]);
      expect(schemeOf(rid)?.name).not.toBe(name);
    }
    expect(await countertap('schemes')).toMatch(/not supported.*: Interac, /);
  });
});

describe('countertap schemes', () => {
  it('tells scheme, kernel, mode, limits and applications', async () => {
    const said = await countertap('schemes');
    expect(said).toContain('Visa, kernel 3: EMV mode, online');
    expect(said).toContain('CVM limit $100.00 USD');
    expect(said).toContain('A0000000031010');
  });

  it('says the same as one JSON object', async () => {
    const said = JSON.parse(await countertap('schemes', '--json'));
    expect(said.accepted).toEqual(acceptedBy(loaded('base')));
    expect(said.notSupported).toContain('Interac');
  });
});

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isDecisionProblem, parseDecision, type Scope } from '#acceptance/index.ts';
import { known } from '#test/acceptance/decisions.ts';
import {
  parseScope,
  type ScopeValues,
  scopeAsTyped,
  scopeOptions,
} from '../../src/cli/nfc/scope.ts';

const shop: ScopeValues = {
  currency: 'EUR',
  schemes: ['Visa', 'Mastercard'],
  kernels: ['02', '03'],
  wallets: ['alipay'],
  lanes: ['1', '2', '3'],
};

const scope = (...texts: string[]) => parseScope(texts, shop);
const refusal = (...texts: string[]): string => {
  const result = scope(...texts);
  return isDecisionProblem(result) ? result.problem : `taken: ${JSON.stringify(result)}`;
};

describe('a scope as a person types it', () => {
  test.each<[string[], Scope]>([
    [[], {}],
    [['all'], {}],
    [['Contactless'], {}],
    [['phones'], { devices: 'phones' }],
    [['scheme=American Express'], { scheme: 'American Express' }],
    [['aid=a0000000 031010'], { aid: 'A0000000031010' }],
    [['kernel=3'], { kernel: '03' }],
    [['range=4761'], { range: { from: '4761', to: '4761' } }],
    [['range=4761 – 4769'], { range: { from: '4761', to: '4769' } }],
    [['above=50.00 USD'], { above: { minor: 5000, currency: 'USD' } }],
    [['above=50'], { above: { minor: 5000, currency: 'EUR' } }],
    [['above=500jpy'], { above: { minor: 500, currency: 'JPY' } }],
    [['above=0'], { above: { minor: 0, currency: 'EUR' } }],
    [['lanes=3, 2,3'], { lanes: ['2', '3'] }],
    [['lane=2'], { lanes: ['2'] }],
    [['qr'], { method: 'qr' }],
    [['qr:alipay'], { method: 'qr:alipay' }],
    [
      ['phones', 'scheme=Visa', 'above=20', 'lanes=3'],
      {
        devices: 'phones',
        scheme: 'Visa',
        above: { minor: 2000, currency: 'EUR' },
        lanes: ['3'],
      },
    ],
  ])('%j', (texts, expected) => {
    expect(scope(...texts)).toEqual(expected);
  });

  it('comes back as it was typed, whatever its parts', () => {
    const part = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const digits = fc.stringMatching(/^[0-9]{1,11}$/);
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 _.:-]{0,10}[A-Za-z0-9]$/);
    const scopes = fc.record({
      method: part(fc.constantFrom('qr', 'qr:alipay', 'qr:we-chat')),
      devices: part(fc.constant('phones' as const)),
      scheme: part(fc.oneof(fc.constantFrom('Visa', 'American Express', 'a=b'), name)),
      aid: part(fc.stringMatching(/^(?:[0-9A-F]{2}){5,16}$/)),
      kernel: part(fc.stringMatching(/^(?:[0-9A-F]{2}){1,8}$/)),
      range: part(
        fc.oneof(
          digits.map((from) => ({ from, to: from })),
          fc.record({ from: digits, to: digits }),
        ),
      ),
      above: part(
        fc.record({
          minor: fc.nat(999_999_999_999),
          currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
        }),
      ),
      lanes: part(
        fc
          .uniqueArray(name, { minLength: 1, maxLength: 4 })
          .map((lanes) => lanes.toSorted() as readonly string[]),
      ),
    });
    fc.assert(
      fc.property(scopes, (parts) => {
        const given = Object.fromEntries(
          Object.entries(parts).filter(([, value]) => value !== undefined),
        ) as Scope;
        const typed = scopeAsTyped(given);
        expect(parseScope(typed, shop)).toEqual(given);
        // The order in which the parts are typed says nothing.
        expect(parseScope(typed.toReversed(), shop)).toEqual(given);
      }),
    );
  });

  it('is decided as it was typed', () => {
    const made = { id: 'D1', number: 1, by: { person: 'ann', role: 'manager' } };
    const texts = fc.subarray(['phones', 'scheme=visa', 'kernel=03', 'lanes=2,1', 'above=5']);
    fc.assert(
      fc.property(texts, (typed) => {
        const asked = scope(...typed);
        const decision = parseDecision(
          { action: 'off', scope: asked, reason: { category: 'trial', text: 'x' } },
          known,
          made,
        );
        if (isDecisionProblem(decision)) throw new Error(decision.problem);
        expect(parseScope(scopeAsTyped(decision.scope), shop)).toEqual(decision.scope);
      }),
    );
  });

  it('is quoted where a shell would take it apart', () => {
    const parts: Scope = { devices: 'phones', above: { minor: 5000, currency: 'USD' } };
    expect(scopeOptions(parts)).toBe('--scope phones --scope "above=50.00 USD"');
    expect(scopeOptions({})).toBe('--scope all');
  });
});

describe('a scope that there isn’t', () => {
  it('is refused with a list of what there is here', () => {
    const said = refusal('watches');
    expect(said).toContain('there is no scope "watches"; there are');
    expect(said).toMatch(/scheme=NAME +one payment scheme \(Visa, Mastercard\)/);
    expect(said).toMatch(/lanes=A,B +these lanes \(1, 2, 3\)/);
    expect(said).toMatch(/qr:WALLET .*\(alipay\)/);
  });

  test.each([
    [['constructor=x'], /there is no scope "constructor=x"/],
    [[''], /there is no scope ""/],
    [['qr:'], /there is no scope "qr:"/],
    [['scheme='], /"scheme=" names nothing/],
    [['range=47x'], /"47x": expected digits such as 4761-4769/],
    [['above=lots'], /"lots" is not an amount/],
    [['above=5.001 USD'], /3 decimal places/],
    [['above=5 XXQ'], /no currency "XXQ"/],
    [['phones', 'phones'], /two parts say "devices": give each once/],
    [['qr', 'qr:alipay'], /two parts say which method/],
    [['all', 'phones'], /"all" is everything: it goes with no other part/],
  ])('%j', (texts, why) => {
    expect(refusal(...texts)).toMatch(why);
  });
});

import { describe, expect, it } from 'vitest';
import {
  type Decision,
  decisionText,
  isDecisionProblem,
  parseDecision,
  type Scope,
  scopeText,
  stateOf,
} from '#acceptance/index.ts';
import type { DecisionView } from '#decisions/view.ts';
import { HOUR, known, NOON, now, off, on } from '#test/acceptance/decisions.ts';
import { type Asked, counterparts } from '../../src/cli/nfc/counterpart.ts';

const views = (decisions: readonly Decision[]): DecisionView[] =>
  decisions.map((decision) => ({
    decision,
    state: stateOf(decision, decisions, now),
    scope: scopeText(decision.scope),
    says: decisionText(decision, now),
    supersededBy: [],
  }));

const plain: Asked = { action: 'on', scope: {}, scoped: false, planned: false, timed: false };
const answer = (asked: Partial<Asked>, ...decisions: Decision[]) => {
  const result = counterparts({ ...plain, ...asked }, views(decisions));
  return isDecisionProblem(result) ? result.problem : result;
};
const phones: Scope = { devices: 'phones' };

describe('"off" and then "on"', () => {
  it('just works: the one off for everything ends', () => {
    expect(answer({}, off(1))).toEqual(['D1']);
  });

  it('just works for a part, too, and in the other order', () => {
    expect(answer({ scope: phones, scoped: true }, off(1, phones))).toEqual(['D1']);
    expect(answer({ action: 'off' }, on(2))).toEqual(['D2']);
    expect(answer({ action: 'off', scope: phones, scoped: true }, on(2, phones))).toEqual(['D2']);
  });

  it('is about a scheme however it is typed', () => {
    const scope = { scheme: 'visa' };
    expect(answer({ scope, scoped: true }, off(1, { scheme: 'Visa' }))).toEqual(['D1']);
  });

  it('is then what the register takes', () => {
    const supersedes = answer({}, off(1));
    const request = { action: 'on', reason: { category: 'other', text: 'x' } };
    const made = { id: 'D2', number: 2, by: { person: 'ann', role: 'manager' } };
    const standing = { ...known, decisions: [off(1)] };
    expect(isDecisionProblem(parseDecision(request, standing, made))).toBe(true);
    expect(isDecisionProblem(parseDecision({ ...request, supersedes }, standing, made))).toBe(
      false,
    );
  });

  it('needs nothing ended where nothing says the opposite', () => {
    expect(answer({ action: 'off' })).toEqual([]);
    expect(answer({ action: 'off', scope: phones, scoped: true }, off(1, phones))).toEqual([]);
    expect(answer({ scope: phones, scoped: true }, off(1))).toEqual([]);
  });

  it('all off means all: a part that is switched on ends as well, or is named', () => {
    expect(answer({ action: 'off' }, on(1, phones))).toEqual(['D1']);
    expect(answer({ action: 'off' }, on(1), on(2, phones))).toEqual(['D1', 'D2']);
    expect(answer({ action: 'off', timed: true }, on(1, phones))).toMatch(/would stay on/);
    expect(
      answer({ action: 'off', scope: { scheme: 'Visa' }, scoped: true }, on(1, phones)),
    ).toEqual([]);
  });

  it('has nothing to do when all is on', () => {
    expect(answer({})).toBe('nothing to do');
    expect(answer({}, on(1))).toBe('nothing to do');
    expect(answer({}, off(1, { method: 'qr' }))).toBe('nothing to do');
  });
});

describe('nothing is guessed', () => {
  it('when two switched it off', () => {
    const said = answer({}, off(1), off(2));
    expect(said).toMatch(/which is meant\? To switch on, name those that are to end:/);
    expect(said).toMatch(/D1 switches off contactless .*; in force\n +--supersedes D1/);
    expect(said).toMatch(/--supersedes D2, or --scope all/);
  });

  it('when an off is planned', () => {
    const planned = off(1, {}, { fromMs: NOON + HOUR });
    expect(answer({}, planned)).toMatch(/; planned\n +--supersedes D1/);
    expect(answer({}, planned, off(2))).toMatch(/--supersedes D1[\s\S]*--supersedes D2/);
  });

  it('when an off rests outside its hours', () => {
    const hours = [{ days: ['sun'], from: '09:00', to: '18:00' }] as const;
    expect(answer({}, off(1, {}, { hours }))).toMatch(/; outside its hours\n +--supersedes D1/);
  });

  it('when parts are off, which an "on" for all would not reach', () => {
    const said = answer({}, off(1, phones), off(2, { above: { minor: 5000, currency: 'EUR' } }));
    expect(said).toMatch(/the narrower wins/);
    expect(said).toMatch(/--supersedes D1, or --scope phones/);
    expect(said).toMatch(/--supersedes D2, or --scope "above=50.00 EUR"/);
  });

  it('when an off would not come back after two hours of "on"', () => {
    const said = answer({ timed: true }, off(1));
    expect(said).toMatch(/^D1 would end for good, and not come back when this is over/);
    const forPhones: Partial<Asked> = { action: 'off', scope: phones, scoped: true, timed: true };
    expect(answer(forPhones, on(2, phones))).toMatch(/^D2 would end for good/);
  });

  it('but an off for two hours may end an "on": all is taken afterwards either way', () => {
    expect(answer({ action: 'off', timed: true }, on(1))).toEqual(['D1']);
  });

  it('and a proposal counts for nothing', () => {
    expect(answer({}, off(1, {}, { approval: 'needed' }))).toBe('nothing to do');
  });
});

import { describe, expect, it } from 'vitest';
import { fault } from '#ports/fault.ts';
import { ANN, clocksAtStart, describePeople, person, problem } from '#test/ports/people-suite.ts';
import { type KeptPeople, memoryPeople } from './memory-people.ts';

describePeople('the people in memory', async () => {
  const clocks = clocksAtStart();
  const kept: KeptPeople = { known: new Map(), tries: new Map() };
  return {
    clocks,
    open: async () => memoryPeople(() => ({ ...clocks }), kept),
    close: async () => {},
  };
});

describe('the people in memory', () => {
  it('fail and are crowded when they are told to', async () => {
    const people = memoryPeople(clocksAtStart);
    person(await people.add('Ann', 'manager', ANN));
    people.crowd(true);
    expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(1000);
    people.crowd(false);
    const damaged = fault('people', 'damaged');
    people.fail(damaged);
    expect(await people.signIn('Ann', ANN)).toBe(damaged);
    expect(await people.list()).toBe(damaged);
    people.fail(undefined);
    person(await people.signIn('Ann', ANN));
  });
});

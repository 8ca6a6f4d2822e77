import { describe, expect, it } from 'vitest';
import { createQueue, type Place } from '#drivers/people/queue.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the queue for hashings', () => {
  const bench = () => {
    const queue = createQueue({ atOnce: 2, waiting: 3, each: 2 });
    const order: string[] = [];
    const places: Place[] = [];
    const come = (name: string, first = false): boolean => {
      const place = first ? queue.enterFirst() : queue.enter(name);
      if (place === undefined) return false;
      places.push(place);
      void place.turn().then(() => order.push(name));
      return true;
    };
    return { order, places, come };
  };

  it('lets two work and three wait, in their order, and turns others away', async () => {
    const { order, places, come } = bench();
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => come(name))).toEqual([
      ...[true, true, true, true, true],
      false,
    ]);
    await settle();
    expect(order).toEqual(['a', 'b']);
    places[1]?.leave();
    places[1]?.leave();
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
    expect(come('f')).toBe(true);
    expect(come('g')).toBe(false);
    for (const place of places) {
      place.leave();
      await settle();
    }
    expect(order).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('has no third place for the same name, until one of them is left', () => {
    const { places, come } = bench();
    expect([come('a'), come('a'), come('a'), come('b')]).toEqual([true, true, false, true]);
    places[0]?.leave();
    expect([come('a'), come('a')]).toEqual([true, false]);
  });

  it('takes managers before those who wait, however many these are', async () => {
    const { order, places, come } = bench();
    for (const name of ['a', 'b', 'c', 'd', 'e']) come(name);
    expect(come('manager', true)).toBe(true);
    places[0]?.leave();
    await settle();
    expect(order).toEqual(['a', 'b', 'manager']);
  });

  it('goes on past one who left without having had a turn', async () => {
    const queue = createQueue({ atOnce: 1, waiting: 1, each: 9 });
    queue.enter('a')?.leave();
    const next = queue.enter('b');
    await next?.turn();
    expect(next).toBeDefined();
  });
});

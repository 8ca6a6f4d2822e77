/** A place in the queue for the few hashings that run at once. */
export interface Place {
  /** Resolves when it is this one's turn. */
  turn(): Promise<void>;
  /** To be called however it ended. */
  leave(): void;
}

export interface Queue {
  /**
   * @param key whose try it is: nobody has more than a few places, so that others have some
   * @returns undefined when too many wait already
   */
  enter(key: string): Place | undefined;
  /** Before all others, and never too many: for what managers do, who are let in already. */
  enterFirst(): Place;
}

export interface QueueLimits {
  /** How many have their turn at the same time. */
  readonly atOnce: number;
  /** How many more wait for theirs. */
  readonly waiting: number;
  /** How many of all these with one key. */
  readonly each: number;
}

export const createQueue = ({ atOnce, waiting, each }: QueueLimits): Queue => {
  const inside = new Map<string, number>();
  const queue: (() => void)[] = [];
  let entered = 0;
  let working = 0;

  const join = (first: boolean, onLeave: () => void): Place => {
    let state: 'waiting' | 'working' | 'left' = 'waiting';
    return {
      turn: () =>
        new Promise((resolve) => {
          const start = () => {
            working++;
            state = 'working';
            resolve();
          };
          if (working < atOnce) start();
          else if (first) queue.unshift(start);
          else queue.push(start);
        }),
      leave: () => {
        if (state === 'left') return;
        if (state === 'working') working--;
        state = 'left';
        onLeave();
        if (working < atOnce) queue.shift()?.();
      },
    };
  };

  return {
    enter: (key) => {
      const before = inside.get(key) ?? 0;
      if (before >= each || entered >= atOnce + waiting) return undefined;
      inside.set(key, before + 1);
      entered++;
      return join(false, () => {
        entered--;
        const left = (inside.get(key) ?? 1) - 1;
        if (left === 0) inside.delete(key);
        else inside.set(key, left);
      });
    },
    enterFirst: () => join(true, () => {}),
  };
};

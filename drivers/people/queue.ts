/** A place in the queue for the few hashings that run at once. */
export interface Place {
  /** Resolves when it is this one's turn. */
  turn(): Promise<void>;
  /** To be called however it ended. */
  leave(): void;
}

export interface Queue {
  /** @returns undefined when too many wait already */
  enter(): Place | undefined;
  /** Before all others, and never too many: for what managers do, who are let in already. */
  enterFirst(): Place;
}

/** At most `atOnce` have their turn, and `waiting` more wait for theirs. */
export const createQueue = (atOnce: number, waiting: number): Queue => {
  let working = 0;
  let inside = 0;
  const queue: (() => void)[] = [];

  const place = (first: boolean): Place => {
    let state: 'entered' | 'working' | 'left' = 'entered';
    inside++;
    const begin = () => {
      working++;
      state = 'working';
    };
    return {
      turn: () =>
        new Promise((resolve) => {
          const start = () => {
            begin();
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
        inside--;
        if (working < atOnce) queue.shift()?.();
      },
    };
  };

  return {
    enter: () => (inside < atOnce + waiting ? place(false) : undefined),
    enterFirst: () => place(true),
  };
};

/**
 * One life of the terminal's process. When it ends, everything of it is dropped: nothing that it
 * still does reaches the world, and nothing of the world reaches it.
 */
export interface Life {
  readonly number: number;
  readonly alive: boolean;
  /** Resolves when it ends. */
  readonly ended: Promise<void>;
  end(): void;
  /** The work's result, if this life sees it. */
  sees<T>(work: Promise<T>): Promise<T>;
}

export const createLife = (number: number): Life => {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let alive = true;
  return {
    number,
    get alive() {
      return alive;
    },
    ended,
    end: () => {
      alive = false;
      resolve();
    },
    sees: async (work) => {
      const result = await work;
      return alive ? result : never();
    },
  };
};

/** What a dead process waits for. */
export const never = <T>(): Promise<T> => new Promise(() => {});

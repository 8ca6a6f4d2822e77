/** Does pieces of work one after another, in the order they were asked for. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** A queue of its own; work that throws keeps nobody behind it waiting. */
export const createTurns = (): InTurn => {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
};

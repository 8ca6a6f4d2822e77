/** What `work` resolves to, or what `late` says when it hasn't within `deadlineMs`. */
export const withinDeadline = <Result>(
  work: Promise<Result>,
  deadlineMs: number,
  late: () => Result,
): Promise<Result> => {
  const { promise, resolve } = Promise.withResolvers<Result>();
  const timer = setTimeout(() => resolve(late()), deadlineMs);
  void work.then((result) => {
    clearTimeout(timer);
    resolve(result);
  });
  return promise;
};

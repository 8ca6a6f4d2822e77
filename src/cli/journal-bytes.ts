import { stat } from 'node:fs/promises';

/** The journal's file, and what of it lies in its write-ahead log. */
export const journalBytes = async (path: string): Promise<number> => {
  const size = (file: string) =>
    stat(file).then(
      (found) => found.size,
      () => 0,
    );
  return (await size(path)) + (await size(`${path}-wal`));
};

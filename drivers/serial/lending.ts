import { realpathSync } from 'node:fs';

/**
 * Takes a device file out of use wherever this process has it open, so that somebody else can open
 * it: to load a device's firmware. Resolves when it is closed, to what gives it back. Byte lines
 * say that they are down meanwhile, and come up again by themselves.
 */
export const borrowDeviceFile = async (path: string): Promise<() => void> => {
  const loan = { path };
  loans.add(loan);
  await Promise.all([...uses].filter((use) => isSame(use.path, path)).map((use) => use.letGo()));
  return () => void loans.delete(loan);
};

export const isLent = (path: string): boolean => [...loans].some((loan) => isSame(loan.path, path));

/** Says that a device file is open; `letGo` is called when somebody borrows it. */
export const useDeviceFile = (path: string, letGo: () => void): { readonly closed: () => void } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const use = {
    path,
    letGo: () => {
      letGo();
      return promise;
    },
  };
  uses.add(use);
  return {
    closed: () => {
      uses.delete(use);
      resolve();
    },
  };
};

interface Use {
  readonly path: string;
  letGo(): Promise<void>;
}

// A device file is one thing for the whole process, whoever opened it by whatever name.
const uses = new Set<Use>();
const loans = new Set<{ readonly path: string }>();

const isSame = (one: string, other: string): boolean =>
  one === other || realPath(one) === realPath(other);

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    // A device that restarts is away: only its name is left.
    return path;
  }
};

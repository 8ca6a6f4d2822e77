import { userInfo } from 'node:os';
import type { AuditLine } from '#staff/index.ts';

/** Whoever is signed in at the machine itself. */
export const machinePerson = (): Pick<AuditLine, 'person' | 'role'> => {
  try {
    return { person: userInfo().username, role: 'machine' };
  } catch {
    // A user without a name, as in some containers.
    return { person: `user ${process.getuid?.() ?? ''}`.trim(), role: 'machine' };
  }
};

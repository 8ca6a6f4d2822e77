import type { Role } from '#ports/people.ts';
import { T } from '../texts.ts';

/** Each role with what it may do, in a sentence. */
export const ROLE_OPTIONS: readonly (readonly [Role, string, string])[] = [
  ['cashier', T.roles.cashier, T.roleHints.cashier],
  ['manager', T.roles.manager, T.roleHints.manager],
  ['technician', T.roles.technician, T.roleHints.technician],
];

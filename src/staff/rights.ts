// table: what staff may do, and who.

import type { Role } from '#ports/people.ts';

/** Everything that console and command line ask for a person about. */
// biome-ignore format: a row stays on its line
export const RIGHTS = {
  seeTerminal: ['cashier', 'manager', 'technician'],
  seePayments: ['cashier', 'manager', 'technician'],
  refund: ['cashier', 'manager'],
  void: ['cashier', 'manager'],
  reprint: ['cashier', 'manager'],
  cancelPayment: ['cashier', 'manager'],
  seeDecisions: ['cashier', 'manager', 'technician'],
  decide: ['manager'],
  approveDecision: ['manager'],
  seeSettings: ['cashier', 'manager', 'technician'],
  changeSettings: ['manager'],
  seeDevices: ['cashier', 'manager', 'technician'],
  seeDoctor: ['cashier', 'manager', 'technician'],
  update: ['manager', 'technician'],
  seePeople: ['manager', 'technician'],
  changePeople: ['manager'],
  changeOwnPin: ['cashier', 'manager', 'technician'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Right = keyof typeof RIGHTS;

export const may = (role: Role, right: Right): boolean =>
  (RIGHTS[right] as readonly Role[]).includes(role);

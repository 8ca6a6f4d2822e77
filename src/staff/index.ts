/** Who may do what, and the record of who did. */
export {
  type Audit,
  type AuditLine,
  type AuditRow,
  nameForRecord,
  readAudit,
  writeAudit,
} from './audit.ts';
export { type Asked, authorise, recorded, refuseUnless } from './authorise.ts';
export { may, RIGHTS, type Right } from './rights.ts';
export { type SparingAudit, sparingAudit } from './sparing-audit.ts';

import type { Audit, AuditLine } from '#staff/index.ts';
import type { ConsoleParts } from './parts.ts';

/** What was asked of the console and by whom, before it is known what came of it. */
export type Told = Omit<AuditLine, 'atMs' | 'from' | 'outcome'>;

type AuditParts = Pick<ConsoleParts, 'audit' | 'clock'>;

/** The same as a line that begins now. */
export const lineOf = ({ clock }: AuditParts, told: Told): Omit<AuditLine, 'outcome'> => ({
  ...told,
  atMs: clock.wallMs(),
  from: 'console',
});

/** The audit log for what comes from one address. */
export const auditAt =
  ({ audit }: AuditParts, address: string): Audit =>
  (line) =>
    audit(line, address);

/** Nobody waits for it: what can't be written is counted. */
export const tellRefused = (parts: AuditParts, told: Told, address: string): void =>
  void parts.audit({ ...lineOf(parts, told), outcome: 'refused' }, address);

import { openPeople } from '#drivers/people/index.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { People } from '#ports/people.ts';
import { type AuditLine, type SparingAudit, sparingAudit, writeAudit } from '#staff/index.ts';
import type { Configuration } from '../load-configuration.ts';
import type { NfcParts } from '../nfc/service.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import { openDecisions, shopOf } from './open-decisions.ts';

export interface OpenedNfc extends Omit<NfcParts, 'audit'>, SparingAudit {
  readonly people: People;
}

/** What is asked about decisions and by whom, with the journal at hand. */
export const openNfc = async (
  configuration: Configuration,
  { people: path }: Places,
  journal: Journal,
  log: Log,
): Promise<OpenedNfc> => {
  const { wallMs, monotonicMs } = clock;
  const book = await openDecisions(configuration, journal, log);
  const people = openPeople({ path, log, wallMs, monotonicMs });
  const write = (line: AuditLine) => {
    // Looks whether the file is still the one that was opened; if not, writing says so.
    journal.refusal();
    return writeAudit(journal, line);
  };
  const record = sparingAudit(write, { clock, log });
  const close = async () => {
    await record.close();
    await people.close();
  };
  return { book, people, audit: record.audit, shop: shopOf(configuration), close };
};

import { openPeople } from '#drivers/people/index.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { People } from '#ports/people.ts';
import { type SparingAudit, sparingAudit, writeAudit } from '#staff/index.ts';
import type { Configuration } from './load-configuration.ts';
import type { NfcParts } from './nfc-service.ts';
import { openDecisions, shopOf } from './open-decisions.ts';
import type { Places } from './places.ts';
import { clock } from './world.ts';

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
  const record = sparingAudit((line) => writeAudit(journal, line), { clock, log });
  const close = async () => {
    await record.close();
    await people.close();
  };
  return { book, people, audit: record.audit, shop: shopOf(configuration), close };
};

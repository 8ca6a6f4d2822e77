import { openPeople } from '#drivers/people/index.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { People } from '#ports/people.ts';
import { type Audit, sparingAudit, writeAudit } from '#staff/index.ts';
import type { Configuration } from './load-configuration.ts';
import type { NfcParts } from './nfc-service.ts';
import { openDecisions, shopOf } from './open-decisions.ts';
import type { Places } from './places.ts';
import { clock } from './world.ts';

/** What is asked about decisions and by whom, with the journal at hand. */
export const openNfc = async (
  configuration: Configuration,
  { people: path }: Places,
  journal: Journal,
  log: Log,
): Promise<NfcParts & { readonly people: People; readonly audit: Audit }> => {
  const { wallMs, monotonicMs } = clock;
  const book = await openDecisions(configuration, journal, log);
  const people = openPeople({ path, log, wallMs, monotonicMs });
  // Whoever guesses PINs must not fill the disk with the record of it.
  const audit = sparingAudit((line) => writeAudit(journal, line));
  return { book, people, audit, shop: shopOf(configuration) };
};

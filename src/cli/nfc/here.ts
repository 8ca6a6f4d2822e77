import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { openPeople } from '#drivers/people/index.ts';
import { lookAtJournal, openJournal } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type People, personProblem } from '#ports/people.ts';
import { type Configuration, loadConfiguration } from '../load-configuration.ts';
import { configurationFor } from '../noted-configuration.ts';
import { openDecisions, shopOf } from '../opening/open-decisions.ts';
import { openNfc } from '../opening/open-nfc.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import type { AccessOptions, NfcAccess, NfcAnswer } from './requests.ts';
import { nfcService } from './service.ts';

/** Answers about decisions in this process, where no terminal runs. */
export const openHere = async (
  places: Places,
  purpose: 'look' | 'decide',
  { config }: AccessOptions,
): Promise<NfcAccess | { readonly error: string }> => {
  const which = configurationFor(places, config);
  if ('problem' in which) return { error: which.problem };
  const configuration = loadConfiguration(which.name);
  if (isConfigProblem(configuration)) return { error: describeConfigProblem(configuration) };
  return purpose === 'look' ? looking(places, configuration) : deciding(places, configuration);
};

const looking = async (places: Places, configuration: Configuration): Promise<NfcAccess> => {
  const book = await openDecisions(configuration, lookAtJournal(places.journal), quiet);
  const people = existsSync(dirname(places.people)) ? openPeopleIn(places) : NOBODY;
  const service = nfcService({ book, people, shop: shopOf(configuration) });
  return access(service, () => people.close());
};

// To look must not make the database.
const NOBODY: Pick<People, 'list' | 'signIn' | 'close'> = {
  list: async () => [],
  signIn: async () => personProblem('', 'nobody is known here'),
  close: async () => {},
};

const openPeopleIn = ({ people: path }: Places): People =>
  openPeople({ path, log: quiet, wallMs: clock.wallMs, monotonicMs: clock.monotonicMs });

// The journal's one writer: a terminal that starts meanwhile is refused, and one that started a
// moment ago refuses us.
const deciding = async (
  places: Places,
  configuration: Configuration,
): Promise<NfcAccess | { readonly error: string }> => {
  const journal = await openJournal({ path: places.journal, log: quiet, wallMs: clock.wallMs });
  if (isFault(journal)) return { error: journal.detail };
  const parts = await openNfc(configuration, places, journal, quiet);
  return access(nfcService(parts), async () => {
    await parts.close();
    await journal.close();
  });
};

const access = (service: ReturnType<typeof nfcService>, close: () => Promise<void>): NfcAccess => ({
  ask: async <Result>(request: Parameters<typeof service>[0]) =>
    (await service(request)) as unknown as NfcAnswer<Result>,
  close,
});

/** The command's own answer says what there is to say. */
const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

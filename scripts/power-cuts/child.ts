/** The process that is killed: takes one release from its bundle to settled, then ends with 0. */
import { install, isRefusal, readState, settle, switchOver, tellHealthy } from '#upkeep/index.ts';
import { releaseOf, siteAt } from './release.ts';

const [root = '', version = ''] = process.argv.slice(2);
const site = siteAt(root);

const must = <T>(value: T): T => {
  if (isRefusal(value)) throw new Error(`${value.refused}: ${value.detail}`);
  return value;
};

async function* bundle(): AsyncGenerator<Uint8Array> {
  yield releaseOf(version);
}

process.stdout.write('ready\n');
const state = must(await readState(site.disk, root));
// A release that was made current before the kill has come up since.
if (state !== 'absent' && !isRefusal(state) && /switched|probation/.test(state.phase)) {
  must(await tellHealthy(site));
  must(await settle(site, '0.0.0'));
}
must(await install(site, bundle()));
process.stdout.write('tried\n');
must(await switchOver(site));
must(await tellHealthy(site));

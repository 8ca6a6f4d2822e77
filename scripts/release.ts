/** What ./scripts/release runs, once all is there that it needs. */
import { parseArgs } from 'node:util';
import { MACHINES, type Machine } from '#upkeep/index.ts';
import { type BuiltRelease, buildRelease, HOSTS, ReleaseProblem } from './releasing/index.ts';

const options = () =>
  parseArgs({
    options: {
      machine: { type: 'string', multiple: true, default: [HOSTS[process.arch] ?? process.arch] },
      version: { type: 'string' },
      floor: { type: 'string' },
      to: { type: 'string' },
      dirty: { type: 'boolean', default: false },
    },
  }).values;

const isMachine = (name: string): name is Machine => (MACHINES as readonly string[]).includes(name);

const tell = ({ release, machine, commit, bundle, bytes, sha256, files }: BuiltRelease): void => {
  console.log(`${release} for ${machine}, from commit ${commit.slice(0, 12)}: ${files} files`);
  console.log(`${sha256}  ${bundle}  (${(bytes / 1e6).toFixed(1)} MB)`);
};

const main = async (): Promise<number> => {
  const { machine: machines, to, dirty, version, floor } = options();
  if (to === undefined) {
    console.error('release: --to <folder> says where the bundle goes');
    return 2;
  }
  for (const machine of machines) {
    if (!isMachine(machine)) {
      console.error(`release: no machine "${machine}"; there are ${MACHINES.join(', ')}`);
      return 2;
    }
    tell(
      await buildRelease({
        machine,
        to,
        allowDirty: dirty,
        ...(version === undefined ? {} : { version }),
        ...(floor === undefined ? {} : { floor }),
      }),
    );
  }
  return 0;
};

try {
  process.exitCode = await main();
} catch (error) {
  const isArgument = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  if (!isArgument && !(error instanceof ReleaseProblem)) throw error;
  console.error(`release: ${(error as Error).message}`);
  process.exitCode = isArgument ? 2 : 1;
}

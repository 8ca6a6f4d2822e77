import type { Command } from 'commander';
import { countOf, keyPathsOf, keysOf, makerOf, signDrafts } from './command.ts';
import { DEFAULT_DAYS, init, TOP_LEVEL, type TopLevelRole } from './init.ts';
import { publicKeyIn } from './keys.ts';
import { rotate } from './rotate.ts';
import type { Days } from './store.ts';
import { addFirmware, addReleases } from './targets.ts';
import { Trouble } from './trouble.ts';

const DEFAULT_PLAN = { root: '2/3', targets: '2/3', snapshot: '1/1', timestamp: '1/1' };

/** What the maker alone does: begin, add, rotate. */
export const addMakerCommands = (program: Command): void => {
  addInit(program);
  const add = (name: string, what: string, adding: typeof addReleases): Command =>
    program
      .command(`${name} <file...>`)
      .description(what)
      .action(async (files: string[], _, command: Command) => {
        const maker = makerOf(command);
        for (const path of await adding(maker, files)) console.log(`${path} is in the draft`);
        signDrafts(maker, ['targets'], keysOf(command));
      });
  add('add-release', 'adds bundles made by scripts/release', addReleases);
  add('add-firmware', "adds images for peripherals, under their files' names", addFirmware);
  program
    .command('rotate <role>')
    .description("exchanges a role's key: root, targets, snapshot, timestamp, channel-…, store-…")
    .option('--out <key>', 'the key to take out: its .pub')
    .option('--into <key>', 'the key to put in: its .pub')
    .option('--threshold <number>', 'how many signatures are needed from now on')
    .action((role: string, options: Record<string, string>, command: Command) => {
      const { out, into, threshold } = options;
      if (out === undefined && into === undefined && threshold === undefined) {
        throw new Trouble('nothing to rotate: say --out, --into or --threshold');
      }
      const maker = makerOf(command);
      const roles = rotate(maker, {
        role,
        ...(out === undefined ? {} : { out: publicKeyIn(out) }),
        ...(into === undefined ? {} : { into: publicKeyIn(into) }),
        ...(threshold === undefined ? {} : { threshold: countOf(threshold, 'threshold') }),
      });
      signDrafts(maker, roles, keysOf(command));
    });
};

const addInit = (program: Command): void => {
  const command = program
    .command('init')
    .description('begins a repository; keys that are not given are made in the folder of --keys');
  for (const role of TOP_LEVEL) {
    command.option(`--${role} <n/m>`, `signatures needed of ${role}'s keys`, DEFAULT_PLAN[role]);
    command.option(`--${role}-key <file...>`, `keys of ${role} that are there, .pub or .pem`);
  }
  command.option('--days <role=days...>', `how long signatures last: ${daysInWords()}`);
  command.action((options: Record<string, string | string[]>, self: Command) => {
    const [keys, more] = keyPathsOf(self);
    if (keys === undefined || more !== undefined) {
      throw new Trouble('say one folder for the new keys: --keys <folder>');
    }
    const maker = makerOf(self);
    const roles = Object.fromEntries(
      TOP_LEVEL.map((role) => [role, planOf(role, options[role], options[`${role}Key`])]),
    ) as Record<TopLevelRole, ReturnType<typeof planOf>>;
    const days = daysIn([options['days'] ?? []].flat());
    for (const line of init(maker, { keys, roles, days })) console.log(line);
    signDrafts(maker, ['root', 'targets'], keysOf(self));
  });
};

const planOf = (role: string, share: unknown, given: unknown) => {
  const [, threshold = '', count = ''] = /^(\d+)\/(\d+)$/.exec(String(share)) ?? [];
  return {
    given: [given ?? []].flat() as string[],
    count: countOf(count, role),
    threshold: countOf(threshold, role),
  };
};

const daysIn = (said: readonly string[]): Partial<Days> =>
  Object.fromEntries(
    said.map((text) => {
      const [role = '', days = ''] = text.split('=');
      if (!Object.hasOwn(DEFAULT_DAYS, role)) throw new Trouble(`--days: there is no ${role}`);
      return [role, countOf(days, role)];
    }),
  );

const daysInWords = (): string =>
  Object.entries(DEFAULT_DAYS)
    .map((pair) => pair.join('='))
    .join(' ');

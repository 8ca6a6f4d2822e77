import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { countOf, keysOf, makerOf, signDrafts } from './command.ts';
import { createDelegation, type Kind, roleOf } from './delegations.ts';
import { makeKey, publicKeyIn } from './keys.ts';
import { signFile } from './signing.ts';
import { type Maker, pendingPath } from './store.ts';
import { point } from './targets.ts';
import { Trouble } from './trouble.ts';

/** What holders of keys do: make one, choose for a channel or a store, sign. */
export const addHolderCommands = (program: Command): void => {
  program
    .command('key <path>')
    .description(
      'makes a key: <path>.pem, which its holder keeps, and <path>.pub, to be given away',
    )
    .action((path: string) => {
      const { id } = makeKey(dirname(path), basename(path));
      console.log(`${path}.pem and ${path}.pub: key ${id}`);
    });
  addPointing(program, 'channel', 'a channel: what terminals run that follow it');
  addPointing(program, 'store', "a store: what its terminals run, before their channel's choice");
  program
    .command('sign <role-or-file>')
    .description('adds signatures to a draft, here or carried away from its repository')
    .action((what: string, _, command: Command) => {
      const keys = keysOf(command);
      if (keys.length === 0) throw new Trouble('say which keys: --keys <folder or file>');
      const maker = makerOf(command);
      if (existsSync(pendingPath(maker, what))) return signDrafts(maker, [what], keys);
      if (!what.endsWith('.json')) throw new Trouble(`${what} has no draft in ${maker.folder}`);
      const { signed } = signFile(what, keys);
      console.log(`${what}: ${signed.type}, version ${signed.version}, until ${signed.expires}`);
      if (signed.type === 'targets') {
        for (const path of Object.keys(signed.targets)) console.log(`  ${path}`);
      }
      for (const { name, id } of keys) console.log(`signed with ${name}, key ${id}`);
      return undefined;
    });
};

interface Options {
  readonly create?: boolean;
  readonly key?: string[];
  readonly threshold: string;
  readonly release?: string;
  readonly machine?: string[];
  readonly firmware?: string[];
}

const addPointing = (program: Command, kind: Kind, what: string): void => {
  program
    .command(`${kind} <name>`)
    .description(what)
    .option('--create', 'delegates it to the keys of --key')
    .option('--key <file...>', 'with --create: the .pub of each key that may choose')
    .option('--threshold <number>', 'with --create: how many of them it takes', '1')
    .option('--release <version>', 'the release to point at')
    .option('--machine <machine...>', 'for these machines only; else for all that it was made for')
    .option('--firmware <peripheral=file@version...>', 'firmware of peripherals, with the release')
    .action(async (name: string, options: Options, command: Command) => {
      const maker = makerOf(command);
      const { role, folder } = roleOf(kind, name);
      const drafts: string[] = [];
      if (options.create) {
        const keys = (options.key ?? []).map(publicKeyIn);
        const threshold = countOf(options.threshold, 'threshold');
        createDelegation(maker, kind, name, keys, threshold);
        drafts.push('targets', role);
      }
      const pointed = await choose(maker, role, folder, options);
      for (const path of pointed) console.log(`${path} is in the draft`);
      if (pointed.length > 0 && !options.create) drafts.push(role);
      if (drafts.length === 0) throw new Trouble('nothing to do: say --create or --release');
      signDrafts(maker, drafts, keysOf(command));
    });
};

const choose = async (maker: Maker, role: string, folder: string, options: Options) => {
  const { release, machine: machines = [], firmware } = options;
  if (release === undefined && firmware === undefined) return [];
  return point(maker, role, folder, {
    ...(release === undefined ? {} : { release }),
    machines,
    firmware: firmware && Object.fromEntries(firmware.map(firmwareIn)),
  });
};

const firmwareIn = (text: string) => {
  const [, name = '', file = '', version = ''] = /^([^=]+)=([^@]+)@(.+)$/.exec(text) ?? [];
  if (name === '') throw new Trouble(`--firmware ${text}: say peripheral=file@version`);
  return [name, { target: `firmware/${basename(file)}`, version }] as const;
};

import { Argument, type Command } from 'commander';
import { ROLES, type Role } from '#ports/people.ts';
import type { Places } from './places.ts';
import type { SignInOptions } from './sign-in.ts';

/** `--by` and where PINs come from: for every command that somebody has to sign in for. */
export const withSignIn = (command: Command): Command =>
  command
    .option('--by <name>', 'who you are; your PIN is asked for')
    .option('--pin-stdin', 'PINs are lines of standard input: first yours, then a new one')
    .option('--pin-file <file>', 'the same, from a file that only you can read');

/** `countertap people …`. */
export const addPeopleCommands = (program: Command, places: () => Places): void => {
  const people = program
    .command('people')
    .description(
      'who may sign in; exit 0 done, 1 refused, 3 error. Also beside a running terminal; the ' +
        'first person is added without a sign-in, every later change needs a manager: --by NAME',
    );
  const role = new Argument('<role>').choices(ROLES);

  people
    .command('list')
    .description('name, role, since when, and whether wrong PINs have locked them out')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      const { list } = await import('./people.ts');
      process.exitCode = await list(places(), options);
    });
  withSignIn(people.command('add'))
    .description('let somebody sign in')
    .argument('<name>')
    .addArgument(role)
    .action(async (name: string, as: Role, options: SignInOptions) => {
      const { add } = await import('./people.ts');
      process.exitCode = await add(places(), name, as, options);
    });
  withSignIn(people.command('pin'))
    .description('a new PIN, which also ends a lock-out; everybody may change their own')
    .argument('<name>')
    .action(async (name: string, options: SignInOptions) => {
      const { pin } = await import('./people.ts');
      process.exitCode = await pin(places(), name, options);
    });
  withSignIn(people.command('role'))
    .description('give somebody another role')
    .argument('<name>')
    .addArgument(role)
    .action(async (name: string, to: Role, options: SignInOptions) => {
      const { role } = await import('./people.ts');
      process.exitCode = await role(places(), name, to, options);
    });
  withSignIn(people.command('remove'))
    .description('let somebody sign in no more')
    .argument('<name>')
    .action(async (name: string, options: SignInOptions) => {
      const { remove } = await import('./people.ts');
      process.exitCode = await remove(places(), name, options);
    });
  people
    .command('reset')
    .description('remove everybody: when no manager knows their PIN, or the database is ruined')
    .option('--yes', 'it is meant')
    .action(async (options: { yes?: boolean }) => {
      const { reset } = await import('./people.ts');
      process.exitCode = await reset(places(), options);
    });
};

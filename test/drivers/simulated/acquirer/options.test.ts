import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import {
  argumentsOf,
  commandLine,
  type HostOptions,
  optionsOf,
} from '#drivers/simulated/acquirer/options.ts';

const tpdu = { destination: '0001', source: '0042' };

test.each<HostOptions>([
  {},
  { dialect: 'iso8583-2003-bcd', framing: { header: 'bcd-2', tpdu }, mac: true },
  { rulesPath: '/somewhere/rules.json' },
])('the options %j go to a process and come out the same', (options) => {
  const { values } = parseArgs({ args: argumentsOf(options), options: commandLine });
  expect(optionsOf(values)).toMatchObject(options);
});

test.each([
  ['--dialect', 'morse'],
  ['--length-header', 'long'],
  ['--tpdu', '12'],
])('%s %s is refused', (name, value) => {
  const { values } = parseArgs({ args: [name, value], options: commandLine });
  expect(() => optionsOf(values)).toThrow(`${name} ${value}`);
});

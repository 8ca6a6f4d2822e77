import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { call } from '#drivers/control/index.ts';
import type { AttachedDevice, DeviceHealth } from '#ports/devices.ts';
import { isFault } from '#ports/fault.ts';
import { type ExitCode, exit, failAs, say } from './exit.ts';
import { configuredDevices, withUnused } from './list-devices.ts';
import { loadConfiguration } from './load-configuration.ts';
import { configurationFor } from './noted-configuration.ts';
import type { Places } from './places.ts';

export interface DevicesOptions {
  readonly json?: boolean;
  readonly config?: string;
}

/**
 * `countertap devices`: what is attached, what each is taken for and why, and its health. A running
 * terminal tells what it has open; where none runs, the machine itself is looked at.
 */
export const devices = async (places: Places, options: DevicesOptions): Promise<ExitCode> => {
  const answer = await call(places.controlSocket, { op: 'devices' });
  if (isFault(answer)) {
    if (answer.fault !== 'serviceDown') return failAs(options.json, answer.detail);
    return lookHere(places, options, answer.detail);
  }
  if (typeof answer['error'] === 'string') return failAs(options.json, answer['error']);
  const list = answer['devices'] as readonly AttachedDevice[];
  say(options.json === true ? JSON.stringify({ running: true, devices: list }) : inWords(list));
  return exit.ok;
};

const lookHere = (places: Places, { json, config }: DevicesOptions, why: string): ExitCode => {
  const which = configurationFor(places, config);
  if ('problem' in which) return failAs(json, which.problem);
  const configuration = loadConfiguration(which.name);
  if (isConfigProblem(configuration)) return failAs(json, describeConfigProblem(configuration));
  const list = withUnused(configuredDevices(configuration.terminal.devices));
  if (json === true) say(JSON.stringify({ running: false, devices: list }));
  else say(`${inWords(list)}\n(${why})`);
  return exit.ok;
};

/** A block of two lines for each: what and how it is, and why. */
export const inWords = (devices: readonly AttachedDevice[]): string =>
  devices.length === 0
    ? 'no device is attached, and none is named in terminal.json'
    : devices
        .map(({ kind, place, name, because, health }) =>
          [
            `${TITLES[kind].padEnd(16)}${[place, name].filter((one) => one !== '').join('  ')}`,
            `                ${healthWords(health)}`,
            `                ${because}`,
          ].join('\n'),
        )
        .join('\n');

const TITLES: Readonly<Record<AttachedDevice['kind'], string>> = {
  scanner: 'scanner',
  printer: 'printer',
  lineDisplay: 'line display',
  cardReader: 'card reader',
  customerDisplay: 'display',
  unused: 'unused',
};

const healthWords = (health: DeviceHealth): string => {
  switch (health.health) {
    case 'ready':
      return health.detail ?? 'ready';
    case 'attention':
      return `ATTENTION  ${health.detail}`;
    case 'absent':
      return `ABSENT  ${health.why.detail}`;
  }
};

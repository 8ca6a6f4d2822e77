import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openControl } from '#drivers/control/index.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { isFault } from '#ports/fault.ts';
import { keptLog } from '#test/support/kept-log.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-devices-'));
});
afterEach(() => rmSync(state, { recursive: true }));

const devices = async (...words: readonly string[]) => {
  const child = spawn('scripts/countertap', ['--state', state, 'devices', ...words]);
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  const [stdout, stderr] = await printed;
  return { code, stdout, stderr };
};

describe('`countertap devices`', () => {
  test('tells what a running terminal has', async () => {
    const scanner: AttachedDevice = {
      ...{ kind: 'scanner', place: '/dev/ttyACM0', name: 'Acme', because: 'it is named' },
      health: { health: 'absent', why: { fault: 'device', detail: 'unplugged' } },
    };
    const asked: unknown[] = [];
    const control = await openControl(
      join(state, 'run', 'countertap.sock'),
      async (line, reply) => {
        asked.push(line);
        reply({ devices: [scanner] });
      },
      keptLog(),
    );
    if (isFault(control)) throw new Error(control.detail);
    expect(JSON.parse((await devices('--json')).stdout)).toEqual({
      running: true,
      devices: [scanner],
    });
    expect((await devices()).stdout).toMatch(
      /^scanner +\/dev\/ttyACM0 {2}Acme\n +ABSENT {2}unplug/,
    );
    expect(asked).toEqual([{ op: 'devices' }, { op: 'devices' }]);
    await control.close();
  });

  test('looks at the machine itself where none runs', async () => {
    const { code, stdout } = await devices('--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { running: false }]);
    expect((await devices()).stdout).toContain('no terminal is running here');
  });

  test('says what is wrong with a configuration', async () => {
    const { code, stderr } = await devices('--config', 'none-such');
    expect([code, stderr]).toEqual([3, expect.stringContaining('terminal.json')]);
  });
});

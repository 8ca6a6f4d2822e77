import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isRefusal, parseManifest, readState, type State, tellHealthy } from '#upkeep/index.ts';
import { sha256 } from '#upkeep/launcher.ts';
import { releaseOf, siteAt } from './release.ts';

export interface KillReport {
  readonly kills: number;
  readonly old: number;
  readonly new: number;
  /** Installs that were through before their kill came; counted in no other figure. */
  readonly finished: number;
  /** What the state said when the process was dead. */
  readonly phases: ReadonlyMap<string, number>;
  readonly broken: readonly string[];
  /** Where everything lies, when it was to be kept or something broke. */
  readonly folder: string | undefined;
}

/** Installs one version after the other, each by a process that is killed at a random moment. */
export const killInstalls = async (how: {
  readonly kills: number;
  readonly seed: number;
  readonly keep?: boolean;
}): Promise<KillReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-kills-'));
  const phases = new Map<string, number>();
  const count = { old: 0, new: 0, finished: 0 };
  const broken: string[] = [];
  let patch = 1;
  const whole = await installOnce(folder, versionOf(patch));
  await launch(folder);
  await tellHealthy(siteAt(folder));
  const random = chance(how.seed);
  for (let kills = 0; kills < how.kills && broken.length === 0; ) {
    const before = await stateAt(folder);
    const running = before.slots[before.current]?.version ?? '';
    patch += 1;
    // Every other kill falls around the switch, which is but a moment of the whole.
    const mark = patch % 2 === 0 ? 'ready' : 'tried';
    const killAt = { mark, ms: random() * (whole.endMs - (whole.marks.get(mark) ?? 0)) } as const;
    const { wasKilled } = await installOnce(folder, versionOf(patch), killAt);
    const { phase } = await stateAt(folder);
    const started = await launch(folder);
    const allowed = wasKilled ? [running, versionOf(patch)] : [versionOf(patch)];
    if (!allowed.includes(started)) broken.push(`kill ${kills} in ${phase}: ${started} started`);
    broken.push(...(await damageAt(folder, started)).map((what) => `kill ${kills}: ${what}`));
    await tellHealthy(siteAt(folder));
    if (!wasKilled) count.finished += 1;
    else {
      kills += 1;
      phases.set(phase, (phases.get(phase) ?? 0) + 1);
      count[started === running ? 'old' : 'new'] += 1;
    }
  }
  const isKept = how.keep === true || broken.length > 0;
  if (!isKept) await rm(folder, { recursive: true });
  return {
    kills: count.old + count.new,
    ...count,
    phases,
    broken,
    folder: isKept ? folder : undefined,
  };
};

const versionOf = (patch: number): string => `1.0.${patch}`;

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface KillAt {
  /** What the process says at that point. */
  readonly mark: 'ready' | 'tried';
  /** After it. */
  readonly ms: number;
}

const installOnce = async (root: string, version: string, killAt?: KillAt) => {
  const child = spawn(process.execPath, [pathOf('./child.ts'), root, version], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const marks = new Map<string, number>();
  let kill: NodeJS.Timeout | undefined;
  createInterface(child.stdout).on('line', (mark) => {
    marks.set(mark, performance.now());
    if (mark === killAt?.mark) kill = setTimeout(() => child.kill('SIGKILL'), killAt.ms);
  });
  const [code, signal] = await once(child, 'exit');
  clearTimeout(kill);
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the install ended with ${code}`);
  return { wasKilled: signal === 'SIGKILL', marks, endMs: performance.now() };
};

// The real launcher, as the service runs it; the release ends it once it has said its version.
const launch = async (root: string): Promise<string> => {
  const child = spawn(process.execPath, [pathOf('../../src/upkeep/launcher.ts'), root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (piece) => {
    said += piece;
  });
  await once(child, 'close');
  return /started (\S+)/.exec(said)?.[1] ?? 'nothing';
};

const stateAt = async (root: string): Promise<State> => {
  const state = await readState(siteAt(root).disk, root);
  if (state === 'absent' || isRefusal(state)) throw new Error(`no state in ${root}`);
  return state;
};

// What isn't as it was packed in the slot that was started, by its contents alone.
const damageAt = async (root: string, version: string): Promise<string[]> => {
  const { current } = await stateAt(root);
  const bundle = releaseOf(version);
  const bytes = await readFile(`${root}/slots/${current}/manifest.json`);
  const manifest = parseManifest(bytes);
  if (isRefusal(manifest) || !bundle.includes(bytes)) return [`the manifest of ${version}`];
  const found: string[] = [];
  for (const { path, sha256: wanted } of manifest.files) {
    const contents = await readFile(`${root}/slots/${current}/${path}`);
    if (sha256(contents) !== wanted) found.push(`${path} of ${version}`);
  }
  return found;
};

const chance = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x8000_0000;
  };
};

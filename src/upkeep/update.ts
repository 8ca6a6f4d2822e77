import type { Target, TrustedSource, Untrusted } from '#ports/trusted-source.ts';
import { install, type Site } from './install.ts';
import { type Known, noteKnown, readKnown } from './known.ts';
import { other } from './launcher.ts';
import { whileLocked } from './lock.ts';
import { type Job, type Outcome, type Progress, problemOf } from './outcome.ts';
import { after } from './phases.ts';
import { isRefusal, type Refusal, type RefusalReason, refusal } from './refusal.ts';
import { lookOf } from './standing.ts';
import { readState } from './state-file.ts';
import type { State } from './types.ts';

export interface UpdateParts {
  readonly source: Pick<TrustedSource, 'look' | 'fetch'>;
  readonly site: Site;
  /** The file of what is known. */
  readonly known: string;
  /** A file's bytes, piece by piece. */
  readonly open: (file: string) => AsyncIterable<Uint8Array>;
  readonly wallMs: () => number;
}

/** Looks, and fetches and installs what this terminal is to run, if that is another release. */
export const update = async (
  parts: UpdateParts,
  job: Job,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { site, known } = parts;
  // Two that fetch would spoil each other's files.
  const outcome = await whileLocked(site.disk, `${known}.lock`, ANOTHER, () =>
    work(parts, job, tell, signal),
  );
  if ('refused' in outcome) return refused(outcome);
  const lastLook = lookOf({ atMs: parts.wallMs(), problem: problemOf(outcome) });
  await noteKnown(site.disk, known, { lastLook });
  return outcome;
};

const ANOTHER = 'another process makes an update';

const work = async (
  parts: UpdateParts,
  job: Job,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { source, site } = parts;
  const state = await readState(site.disk, site.root);
  if (isRefusal(state)) return refused(state);
  tell({ event: 'looking' });
  const offer = await source.look(signal);
  if ('untrusted' in offer) return untrusted(offer);
  const target = offer.release;
  if (target === undefined) return { outcome: 'nothingOffered' };
  const known = await readKnown(site.disk, parts.known);
  const version = versionOf(target);
  const decided = await alreadyDecided(parts, job, { state, known, target, version });
  if (decided !== undefined) return decided;
  if (job.do === 'look') return { outcome: 'offered', version };
  if (state !== 'absent' && !after(state.phase, 'begun')) {
    return refused(refusal('busy', 'the release that runs is in its probation'), version);
  }
  const fetched = await source.fetch(target, signal, inSteps(target, version, tell));
  if ('untrusted' in fetched) return untrusted(fetched);
  tell({ event: 'installing', version });
  return intoSlot(parts, target, fetched.file, signal);
};

// Some fifty lines for a file, however many pieces it comes in.
const inSteps = (
  { bytes: of }: Target,
  version: string,
  tell: (progress: Progress) => void,
): ((bytes: number) => void) => {
  let next = 0;
  const step = (bytes: number): void => {
    if (bytes < next) return;
    next = bytes + of / 50;
    tell({ event: 'fetching', version, bytes, of });
  };
  step(0);
  return step;
};

interface Found {
  readonly state: State | 'absent';
  readonly known: Known;
  readonly target: Target;
  readonly version: string;
}

// What runs, what is ready, and what has failed is known by the bundle's own digest.
const alreadyDecided = async (
  { site: { disk }, known: path }: UpdateParts,
  { evenIfFailed }: Job,
  { state, known: { installed, failed }, target: { sha256 }, version }: Found,
): Promise<Outcome | undefined> => {
  if (state === 'absent') return undefined;
  const left = leftAgain(state, installed);
  // Noted once: the reason in the state is soon another's.
  if (left !== undefined) await noteKnown(disk, path, { failed: left, installed: undefined });
  else if (installed?.sha256 === sha256) {
    if (installed.digest === state.slots[state.current]?.digest) return { outcome: 'upToDate' };
    const isReady = installed.digest === state.slots[other(state.current)]?.digest;
    if (isReady && state.phase === 'tried') return { outcome: 'ready', version };
  }
  const known = left ?? failed;
  if (known?.sha256 !== sha256 || evenIfFailed) return undefined;
  return { outcome: 'failedBefore', version, why: known.why };
};

// Installed, switched to, and left again: by the launcher, or by staff.
const leftAgain = (state: State, installed: Known['installed']): Known['failed'] => {
  if (state.phase !== 'rolledBack' || installed === undefined) return undefined;
  if (state.slots[state.current]?.digest === installed.digest) return undefined;
  const { sha256, version } = installed;
  return { sha256, version, why: state.reason ?? 'it was left' };
};

const intoSlot = async (
  { site, known, open }: UpdateParts,
  target: Target,
  file: string,
  signal: AbortSignal,
): Promise<Outcome> => {
  const version = versionOf(target);
  const { sha256 } = target;
  const state = await install(site, open(file), signal);
  if (isRefusal(state)) {
    const outcome = refused(state, version);
    if (state.refused === 'same') {
      await noteSame(site, known, sha256);
      return { outcome: 'upToDate' };
    }
    const why = `${state.refused}: ${state.detail}`;
    if (OF_THE_RELEASE.has(state.refused))
      await noteKnown(site.disk, known, { failed: { sha256, version, why } });
    return outcome;
  }
  const record = state.slots[other(state.current)];
  if (record === null) return refused(refusal('state', 'the slot is empty'));
  const installed = { sha256, digest: record.digest, version: record.version };
  const unwritten = await noteKnown(site.disk, known, { installed, failed: undefined });
  return unwritten ? refused(unwritten, version) : { outcome: 'ready', version: record.version };
};

// It came by another way, such as the first installation's.
const noteSame = async ({ disk, root }: Site, known: string, sha256: string): Promise<void> => {
  const state = await readState(disk, root);
  const record = isRefusal(state) || state === 'absent' ? null : state.slots[state.current];
  if (record === null) return;
  const { digest, version } = record;
  await noteKnown(disk, known, { installed: { sha256, digest, version } });
};

/** What another try can't mend; the rest is the disk's fault, or the moment's. */
const OF_THE_RELEASE: ReadonlySet<RefusalReason> = new Set([
  ...(['truncated', 'unreadable', 'manifest', 'lying', 'machine', 'floor'] as const),
  'selfTest',
]);

const refused = ({ refused: reason, detail: why }: Refusal, version?: string): Outcome => ({
  ...{ outcome: 'refused', reason, why },
  ...(version === undefined ? {} : { version }),
});

const untrusted = ({ untrusted: reason, detail: why }: Untrusted): Outcome => ({
  ...{ outcome: 'untrusted', reason, why },
});

/** As its name in the repository has it; the manifest has the last word. */
const versionOf = ({ path }: Target): string =>
  /countertap-(\d+\.\d+\.\d+)-/.exec(path)?.[1] ?? path.slice(path.lastIndexOf('/') + 1);

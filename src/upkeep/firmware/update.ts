import { type Fault, isFault } from '#ports/fault.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';
import type { FirmwareOffer, Offer } from '#ports/trusted-source.ts';
import { fetchImage, untrustedImage } from './image.ts';
import { MOST_TRIES, readNote, writeNote } from './notes.ts';
import type { FirmwareParts, FirmwareResult } from './types.ts';

/**
 * Brings each peripheral to the firmware that an offer has for it, one after the other. Nothing is
 * sent to a device but bytes that the source has checked, whose digest was compared once more right
 * before. A peripheral that can't be brought there takes nothing from the others, nor from sales.
 */
export const updateFirmware = async (
  offer: Pick<Offer, 'firmware'>,
  parts: FirmwareParts,
  signal: AbortSignal,
): Promise<readonly FirmwareResult[]> => {
  const results: FirmwareResult[] = [];
  for (const peripheral of parts.peripherals) {
    const offered = Object.hasOwn(offer.firmware, peripheral.name)
      ? offer.firmware[peripheral.name]
      : undefined;
    const result =
      offered === undefined
        ? { ...NOTHING, peripheral: peripheral.name, outcome: 'notOffered' as const }
        : await updateOne(peripheral, offered, parts, signal);
    await tell(parts, result);
    results.push(result);
  }
  return results;
};

const NOTHING = { bytes: 0, durationMs: 0 } as const;

/** Those about which nothing happened are no entry in the record. */
const WITHOUT_RECORD: ReadonlySet<FirmwareResult['outcome']> = new Set([
  ...(['notOffered', 'same', 'waits', 'failedBefore'] as const),
]);

const tell = async ({ log, record }: FirmwareParts, result: FirmwareResult): Promise<void> => {
  const isWell = result.outcome !== 'failed' && result.outcome !== 'untrusted';
  log[isWell ? 'info' : 'error']({ ...result }, `firmware of a peripheral: ${result.outcome}`);
  if (WITHOUT_RECORD.has(result.outcome)) return;
  const unwritten = await record(result);
  if (unwritten !== undefined) log.error({ problem: unwritten }, 'its record is not written');
};

const updateOne = async (
  peripheral: PeripheralFirmware,
  offered: FirmwareOffer,
  parts: FirmwareParts,
  signal: AbortSignal,
): Promise<FirmwareResult> => {
  const about: About = { peripheral: peripheral.name, offered: offered.version };
  const before = await outOfUse(peripheral, parts, () => peripheral.version(signal));
  if (typeof before !== 'string') return notNow(about, before);
  const known = { ...about, before };
  if (before === offered.version && parts.evenIf !== 'same') {
    await noteDone(peripheral, offered, parts);
    return { ...known, ...NOTHING, outcome: 'same' };
  }
  const note = await readNote(parts, peripheral.name);
  const tries = note?.sha256 === offered.target.sha256 ? note.tries : 0;
  // In its bootloader it is of no use as it is: another try can only help.
  if (tries >= MOST_TRIES && before !== 'bootloader' && parts.evenIf === undefined) {
    return { ...known, ...NOTHING, outcome: 'failedBefore', detail: failedBefore(about) };
  }
  const image = await fetchImage(parts, offered.target, signal);
  if ('untrusted' in image) return { ...known, ...NOTHING, ...untrusted(image.detail) };
  if (isFault(image)) return { ...known, ...NOTHING, outcome: 'failed', detail: image.detail };
  const loaded = await outOfUse(peripheral, parts, () =>
    load(peripheral, offered, { image, tries, known }, parts, signal),
  );
  return 'outcome' in loaded ? loaded : { ...notNow(about, loaded), before };
};

interface About {
  readonly peripheral: string;
  readonly offered: string;
  readonly before?: string;
}

type NotNow = Fault | { readonly waits: string };

const outOfUse = async <Value>(
  { name }: PeripheralFirmware,
  { mayBegin, takeOut }: FirmwareParts,
  use: () => Promise<Value>,
): Promise<Value | NotNow> => {
  const waits = await mayBegin();
  if (waits !== undefined) return { waits };
  const giveBack = await takeOut(name);
  if (isFault(giveBack)) return giveBack;
  try {
    return await use();
  } finally {
    await giveBack();
  }
};

const notNow = (about: About, why: NotNow): FirmwareResult => {
  if ('waits' in why) return { ...about, ...NOTHING, outcome: 'waits', detail: why.waits };
  const detail = `${why.detail}; the terminal sells without it, and tries again at the next look`;
  return { ...about, ...NOTHING, outcome: 'failed', detail };
};

interface Loading {
  readonly image: Uint8Array;
  readonly tries: number;
  readonly known: About;
}

const load = async (
  peripheral: PeripheralFirmware,
  { target, version }: FirmwareOffer,
  { image, tries, known }: Loading,
  parts: FirmwareParts,
  signal: AbortSignal,
): Promise<FirmwareResult> => {
  const note = { sha256: target.sha256, version, underWay: true, tries: tries + 1 };
  const unwritten =
    (await writeNote(parts, peripheral.name, note)) ??
    (await parts.record({ ...known, ...NOTHING, outcome: 'begun' }));
  if (unwritten !== undefined) {
    const detail = `it can't be recorded, so it isn't begun: ${unwritten.detail}`;
    return { ...known, ...NOTHING, outcome: 'failed', detail };
  }
  const begunMs = parts.monotonicMs();
  let bytes = 0;
  const changed = untrustedImage(image, target);
  if (changed !== undefined) return { ...known, ...NOTHING, ...untrusted(changed.detail) };
  const failed = await peripheral.load(image, signal, (confirmed) => {
    bytes = confirmed;
    parts.progress?.(peripheral.name, confirmed, image.length);
  });
  const after = failed ?? (await peripheral.version(signal));
  const measured = { ...known, bytes, durationMs: Math.round(parts.monotonicMs() - begunMs) };
  if (isFault(after)) return { ...measured, outcome: 'failed', detail: whatToDo(after, known) };
  // What is under way from here on is at most the same mistake again.
  await noteEnd(parts, peripheral.name, { ...note, tries: after === version ? 0 : note.tries });
  if (after === version) return { ...measured, after, outcome: 'loaded' };
  return { ...measured, after, outcome: 'failed', detail: otherVersion(after, version) };
};

// Also of a device that was never loaded here: whoever looks later needn't ask it for its version.
const noteDone = async (
  { name }: PeripheralFirmware,
  { target, version }: FirmwareOffer,
  parts: FirmwareParts,
): Promise<void> => {
  const note = await readNote(parts, name);
  const { sha256 } = target;
  const isNoted = note?.sha256 === sha256 && note.version === version;
  if (isNoted && !note.underWay && note.tries === 0) return;
  await noteEnd(parts, name, { sha256, version, tries: 0 });
};

const noteEnd = async (
  parts: FirmwareParts,
  name: string,
  note: Omit<Parameters<typeof writeNote>[2], 'underWay'>,
): Promise<void> => {
  const unwritten = await writeNote(parts, name, { ...note, underWay: false });
  if (unwritten !== undefined) parts.log.error({ problem: unwritten }, 'a note is not written');
};

const untrusted = (detail: string) => ({ outcome: 'untrusted', detail }) as const;

const whatToDo = ({ fault, detail }: Fault, { before, peripheral }: About): string => {
  if (fault === 'aborted') return `${detail}: it is begun again at the next look`;
  const was = before === 'bootloader' ? 'It still waits' : 'It may wait';
  return (
    `${detail}. ${was} in its bootloader, and the terminal sells without it. See to its cable ` +
    `and power, then: countertap firmware load ${peripheral}`
  );
};

const failedBefore = ({ peripheral, offered }: About): string =>
  `${offered} failed here ${MOST_TRIES} times and is left alone; to try it again: ` +
  `countertap firmware load ${peripheral}`;

const otherVersion = (after: string, offered: string): string =>
  `it says "${after}" where "${offered}" was offered: the maker's pointer names another version ` +
  'than the firmware has';

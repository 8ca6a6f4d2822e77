import { startsWith } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { defaultKernelId } from '#data/schemes.ts';
import { type Reason, reason, reasonOf } from '#kernels/shared/outcome.ts';
import { parseTlvs, type Tlv } from '#tlv/tlv.ts';
import type { Combination, ReaderConfiguration } from './configuration.ts';
import { issuerDiscretionaryData } from './fci.ts';

/** One entry (61) of the card's directory, the PPSE. */
export interface DirectoryEntry {
  readonly adfName: Uint8Array;
  /** Application Priority: 1 is the highest, 16 stands for none, zero and 15. Book B 3.3.3.2 */
  readonly priority: number;
  /** Kernel the card asks for; undefined: the one that goes with the AID. */
  readonly kernelIdentifier: Uint8Array | undefined;
  readonly extendedSelection: Uint8Array | undefined;
  readonly position: number;
}

/** A combination that card and reader have in common. */
export interface Candidate extends DirectoryEntry {
  readonly combination: Combination;
}

export interface Directory {
  readonly entries: readonly DirectoryEntry[];
  readonly why: readonly Reason[];
}

/**
 * Reads the answer to SELECT PPSE, Book B 3.3.2.5 (Table 3-2). A template that is malformed leaves
 * no entries at all; a single malformed entry is skipped.
 */
export const readDirectory = (fci: Uint8Array): Directory => {
  const objects = issuerDiscretionaryData(fci);
  if (isMalformed(objects)) return { entries: [], why: [reasonOf('PPSE', objects)] };
  const entries = objects.filter((one) => one.tag === tag.applicationTemplateDirectoryEntry);
  const read: DirectoryEntry[] = [];
  const why: Reason[] = [];
  entries.forEach((template, position) => {
    const entry = readEntry(template, position);
    if ('adfName' in entry) read.push(entry);
    else why.push(entry);
  });
  return { entries: read, why };
};

/** Candidates in the order in which Book B builds the list: by combination, then by entry. */
export const findCandidates = (
  combinations: readonly Combination[],
  entries: readonly DirectoryEntry[],
): Candidate[] =>
  combinations.flatMap((combination) =>
    entries
      .filter((entry) => startsWith(entry.adfName, combination.aid))
      .filter((entry) => kernelMatches(entry, combination))
      .map((entry) => ({ ...entry, combination })),
  );

/** The candidate to select: highest priority, then first in the PPSE, then first configured. */
export const bestCandidate = (candidates: readonly Candidate[]): Candidate | undefined => {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    const better =
      best === undefined ||
      candidate.priority < best.priority ||
      (candidate.priority === best.priority && candidate.position < best.position);
    if (better) best = candidate;
  }
  return best;
};

/** The name of a scheme that only another interface takes, if an entry is of it. */
export const schemeElsewhere = (
  { otherInterface = [] }: Pick<ReaderConfiguration, 'otherInterface'>,
  entries: readonly DirectoryEntry[],
): string | undefined =>
  otherInterface.find(({ rid }) => entries.some(({ adfName }) => startsWith(adfName, rid)))?.name;

const readEntry = (template: Tlv, position: number): DirectoryEntry | Reason => {
  const objects = parseTlvs(template.value, template.valueOffset, ['61']);
  if ('malformed' in objects) return reasonOf('PPSE entry skipped', objects);
  const find = (wanted: number) => objects.find((object) => object.tag === wanted)?.value;
  const adfName = find(tag.adfNameDirectoryAid);
  if (adfName === undefined || adfName.length < 5 || adfName.length > 16) {
    return reason(
      'PPSE entry skipped: no ADF Name of 5 to 16 bytes',
      tag.adfNameDirectoryAid,
      template.offset,
    );
  }
  const priority = (find(tag.applicationPriorityIndicator)?.[0] ?? 0) & 0x0f;
  return {
    adfName,
    priority: priority === 0 || priority === 15 ? 16 : priority,
    kernelIdentifier: find(tag.kernelIdentifier),
    extendedSelection: find(tag.extendedSelection),
    position,
  };
};

const kernelMatches = (entry: DirectoryEntry, combination: Combination): boolean => {
  const requested = requestedKernelId(entry, combination.aid);
  return requested === '00' || requested === combination.kernelId;
};

// Book B 3.3.2.5 C. '00': any kernel will do. Undefined: an identifier that can't be followed.
const requestedKernelId = (entry: DirectoryEntry, aid: Uint8Array): string | undefined => {
  const identifier = entry.kernelIdentifier;
  const first = identifier?.[0] ?? 0;
  if (identifier === undefined || identifier.length === 0 || first === 0) {
    return defaultKernelId(aid);
  }
  if (first < 0x80) return toHex(identifier.subarray(0, 1));
  // Domestic kernels: short id with a currency code. Short id zero: out of EMVCo's scope.
  if (identifier.length < 3 || (first & 0x3f) === 0) return undefined;
  return toHex(identifier.subarray(0, 3));
};

import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { type Item, readItems } from './items.ts';

export type ReportKind = 'input' | 'output' | 'feature';

/** First and last usage of a run, each as page × 65536 + id. */
export interface UsageRange {
  readonly first: number;
  readonly last: number;
}

/** What one Input, Output or Feature item declares: `count` elements of `bits` bits. */
export interface Field {
  readonly kind: ReportKind;
  /** 0 where reports carry no id. */
  readonly reportId: number;
  /** From the start of the report's data, behind the report id. */
  readonly bitOffset: number;
  readonly bits: number;
  readonly count: number;
  /** Padding: nothing is in it. */
  readonly isConstant: boolean;
  /** Elements hold numbers of usages, and not a value for each usage. */
  readonly isArray: boolean;
  readonly isRelative: boolean;
  readonly logicalMinimum: number;
  readonly logicalMaximum: number;
  /** Element by element; the last one holds for all that follow. */
  readonly usages: readonly UsageRange[];
}

export interface ReportDescriptor {
  /** Reports begin with their id. */
  readonly isNumbered: boolean;
  /** Usages of the application collections: what the device is. */
  readonly applications: readonly number[];
  readonly fields: readonly Field[];
  /** Bits of a report's data without its id, by kind and id ("input 2"). */
  readonly reportBits: ReadonlyMap<string, number>;
}

/**
 * What a device says of its reports. HID 1.11 6.2.2. Malformed when items are cut off, collections
 * or pushes don't pair, or a report would be longer than the 16 KiB that Linux takes.
 */
export const parseDescriptor = (bytes: Uint8Array): ReportDescriptor | Malformed => {
  const items = readItems(bytes);
  if (isMalformed(items)) return items;
  const state = freshState();
  for (const item of items) {
    const problem = TAKE[item.type](state, item);
    if (problem !== undefined) return malformed(['report descriptor'], item.offset, problem);
  }
  if (state.depth !== 0) {
    return malformed(['report descriptor'], bytes.length, 'a collection has no end');
  }
  const { isNumbered, applications, fields, reportBits } = state;
  return { isNumbered, applications, fields, reportBits };
};

const MAX_REPORT_BITS = 16_384 * 8;

interface Globals {
  usagePage: number;
  logicalMinimum: number;
  /** Both readings: which one holds depends on the minimum, which may come later. */
  logicalMaximum: { readonly unsigned: number; readonly signed: number };
  reportSize: number;
  reportCount: number;
  reportId: number;
}

interface LocalUsage {
  readonly first: Item;
  readonly last: Item;
}

interface State {
  globals: Globals;
  readonly stack: Globals[];
  usages: LocalUsage[];
  usageMinimum: Item | undefined;
  /** Within a delimiter: usages to choose from, of which the first is the preferred one. */
  alternatives: number | undefined;
  depth: number;
  isNumbered: boolean;
  readonly applications: number[];
  readonly fields: Field[];
  readonly reportBits: Map<string, number>;
}

type Take = (state: State, item: Item) => string | undefined;

const freshState = (): State => ({
  globals: {
    usagePage: 0,
    logicalMinimum: 0,
    logicalMaximum: { unsigned: 0, signed: 0 },
    reportSize: 0,
    reportCount: 0,
    reportId: 0,
  },
  stack: [],
  usages: [],
  usageMinimum: undefined,
  alternatives: undefined,
  depth: 0,
  isNumbered: false,
  applications: [],
  fields: [],
  reportBits: new Map(),
});

// HID 1.11 6.2.2.7. Physical extents and units mean nothing to us.
const takeGlobal: Take = (state, item) => {
  const { globals } = state;
  if (item.tag === 0) globals.usagePage = item.unsigned;
  if (item.tag === 1) globals.logicalMinimum = item.signed;
  if (item.tag === 2) globals.logicalMaximum = item;
  if (item.tag === 7) globals.reportSize = item.unsigned;
  if (item.tag === 9) globals.reportCount = item.unsigned;
  if (item.tag === 10) state.stack.push({ ...globals });
  if (item.tag === 8) {
    if (item.unsigned === 0 || item.unsigned > 255) return `report id ${item.unsigned}`;
    globals.reportId = item.unsigned;
    state.isNumbered = true;
  }
  if (item.tag === 11) {
    const popped = state.stack.pop();
    if (popped === undefined) return 'a pop without a push';
    state.globals = popped;
  }
  return undefined;
};

// HID 1.11 6.2.2.8: usages, and ranges of them. Designators and strings mean nothing to us.
const takeLocal: Take = (state, item) => {
  if (item.tag === 0) addUsage(state, { first: item, last: item });
  if (item.tag === 1) state.usageMinimum = item;
  if (item.tag === 2 && state.usageMinimum !== undefined) {
    addUsage(state, { first: state.usageMinimum, last: item });
    state.usageMinimum = undefined;
  }
  if (item.tag === 10) state.alternatives = item.unsigned === 1 ? 0 : undefined;
  return undefined;
};

const addUsage = (state: State, usage: LocalUsage): void => {
  if (state.alternatives === undefined || state.alternatives++ === 0) state.usages.push(usage);
};

// HID 1.11 6.2.2.4 to 6.2.2.6.
const takeMain: Take = (state, item) => {
  const usages = state.usages.map((usage) => rangeOf(usage, state.globals.usagePage));
  state.usages = [];
  state.usageMinimum = undefined;
  state.alternatives = undefined;
  const kind = KINDS.get(item.tag);
  if (kind !== undefined) return addField(state, kind, item.unsigned, usages);
  if (item.tag === COLLECTION) {
    const usage = usages[0]?.first;
    if (item.unsigned === APPLICATION && usage !== undefined) state.applications.push(usage);
    state.depth += 1;
  }
  if (item.tag === END_COLLECTION) {
    state.depth -= 1;
    if (state.depth < 0) return 'an end without a collection';
  }
  return undefined;
};

const TAKE: Readonly<Record<Item['type'], Take>> = {
  main: takeMain,
  global: takeGlobal,
  local: takeLocal,
};

const KINDS: ReadonlyMap<number, ReportKind> = new Map([
  [8, 'input'],
  [9, 'output'],
  [11, 'feature'],
]);
const COLLECTION = 10;
const END_COLLECTION = 12;
const APPLICATION = 1;

// A usage of four bytes brings its page; a shorter one is of the page in force.
const rangeOf = ({ first, last }: LocalUsage, page: number): UsageRange => ({
  first: wholeUsage(first, page),
  last: wholeUsage(last, page),
});

const wholeUsage = ({ size, unsigned }: Item, page: number): number =>
  size === 4 ? unsigned : page * 0x10000 + unsigned;

const addField = (
  state: State,
  kind: ReportKind,
  flags: number,
  usages: readonly UsageRange[],
): string | undefined => {
  const { reportId, reportSize, reportCount, logicalMinimum, logicalMaximum } = state.globals;
  const report = `${kind} ${reportId}`;
  const bitOffset = state.reportBits.get(report) ?? 0;
  const end = bitOffset + reportSize * reportCount;
  if (end > MAX_REPORT_BITS) return `a report of ${end} bits`;
  state.reportBits.set(report, end);
  state.fields.push({
    kind,
    reportId,
    bitOffset,
    bits: reportSize,
    count: reportCount,
    isConstant: (flags & 1) !== 0,
    isArray: (flags & 2) === 0,
    isRelative: (flags & 4) !== 0,
    logicalMinimum,
    logicalMaximum: logicalMinimum < 0 ? logicalMaximum.signed : logicalMaximum.unsigned,
    usages,
  });
  return undefined;
};

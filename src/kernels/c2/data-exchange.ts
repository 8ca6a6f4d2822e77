import { elementsOf, tag } from '#data/dictionary.ts';
import type { DolEntry } from '#tlv/dol.ts';
import { present } from '../shared/data-elements.ts';
import { type Outcome, outcome, reason } from '../shared/outcome.ts';
import { exchangeData, type Step } from '../shared/step.ts';
import { closing } from './outcomes.ts';
import { binaryOf, bytesOf, type Kernel2Run } from './run.ts';

// Data exchange (DE) in its smallest form; an option of the book, with data storage (IDS, SDS) left
// out. Where the terminal takes part (`KernelInput.dataExchange`), it may leave elements empty that
// it knows only later, and may name in Tags To Read (DF8112) what it wants to see of the card. The
// kernel asks (DEK) at two points: S1, before the PDOL is filled, and S456, before CDOL1 is. The
// answer (DET) must come within Time Out Value (DF8127). Not here: GET DATA and PUT DATA, and the
// Proceed To First Write Flag. To build more: this file, and `exchangeData` in kernels/shared.

/**
 * Shows the terminal what it wanted to read so far, and gets the elements that a DOL wants and the
 * terminal has left empty. C-2 3.8, S1, S2, S456
 * @returns an outcome if the terminal let the time pass
 */
export function* exchangeForDol(
  run: Kernel2Run,
  dol: readonly DolEntry[],
): Step<Outcome | undefined> {
  if (run.input.dataExchange !== true) return undefined;
  const send = present(run.data, tagsIn(bytesOf(run, tag.tagsToReadK2)));
  let needed = emptyIn(run, dol);
  if (send.length === 0 && needed.length === 0) return undefined;
  do {
    const data = yield* exchangeData(send, needed, binaryOf(run, tag.timeOutValue));
    const before = needed.length;
    for (const [found, value] of data ?? []) {
      if (TERMINAL.has(found)) run.data.set(found, value);
    }
    needed = emptyIn(run, dol);
    // An answer that brings nothing new is none: decided, so that nobody can hold up the card.
    if (needed.length > 0 && (data === null || needed.length === before)) return timedOut(run);
  } while (needed.length > 0);
  return undefined;
}

// Present and empty: the terminal knows of it, and has it later. Absent: zeros will do.
const emptyIn = (run: Kernel2Run, dol: readonly DolEntry[]): number[] =>
  dol
    .map((entry) => entry.tag)
    .filter((wanted) => TERMINAL.has(wanted) && run.data.get(wanted)?.length === 0);

// Tags side by side, as in Tags To Read.
const tagsIn = (list: Uint8Array): readonly number[] => {
  const tags: number[] = [];
  let current = 0;
  for (const byte of list) {
    const first = current === 0;
    current = current * 256 + byte;
    const more = first ? (byte & 0x1f) === 0x1f : byte >= 0x80;
    if (!more) {
      tags.push(current);
      current = 0;
    }
  }
  return tags;
};

// What belongs to the kernel, though the dictionary calls it the terminal's.
const OURS: readonly number[] = [
  tag.terminalVerificationResults,
  tag.terminalCapabilities,
  tag.cvmResults,
  tag.unpredictableNumber,
];

const TERMINAL: ReadonlySet<number> = new Set(
  [...elementsOf('K2')]
    .filter(([found, row]) => row.source === 'terminal' && !OURS.includes(found))
    .map(([found]) => found),
);

const timedOut = (run: Kernel2Run): Outcome => {
  run.error.l3 = 0x01;
  return outcome('endApplication', closing(run, reason('data exchange: the time is over')));
};

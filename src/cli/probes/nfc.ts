import type { DecisionBook } from '#decisions/index.ts';
import { decisionView, summaryOf } from '#decisions/view.ts';
import { finding } from '#doctor/index.ts';
import type { Probe } from '#ports/finding.ts';

/** What the shop decided about contactless: in force, since when, by whom, and what is pending. */
export const nfcProbe =
  (book: () => Promise<DecisionBook>, lane: string): Probe =>
  async () => {
    const decisions = await book();
    const { sentence, unreadable, inForce, accepted } = summaryOf(decisions, {
      method: 'contactless',
      lane,
    });
    if (unreadable !== undefined) return finding('nfc', 'unreadable', { why: unreadable });
    const pending = decisions
      .all()
      .filter((decision) => decisionView(decisions, decision).state === 'proposed')
      .map(({ id, by }) => `${id} of ${by.person}`);
    if (pending.length > 0) {
      return finding('nfc', 'pending', { sentence, decisions: pending.join(', ') });
    }
    if (inForce.length === 0) return finding('nfc', 'on');
    const told = inForce.map(
      ({ decision: { id, by, madeMs } }) => `${id} by ${by.person} since ${since(madeMs)}`,
    );
    const kind = accepted === 'yes' ? 'inForce' : 'off';
    return finding('nfc', kind, { sentence, decisions: told.join('; ') });
  };

const since = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;

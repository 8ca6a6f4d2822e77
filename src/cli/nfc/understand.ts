import { type DecisionProblem, isDecisionProblem, zoneOf } from '#acceptance/index.ts';
import type { JsonObject } from '#ports/journal.ts';
import { counterparts } from './counterpart.ts';
import { type DecisionWords, requestOf, type Shop } from './request.ts';
import type { NfcStatus, Refused, ShopValues } from './requests.ts';
import { NOBODY } from './service.ts';

/** What came of the words behind `countertap nfc off`. */
export type Understood =
  | {
      readonly request: JsonObject;
      /** What was added to what was typed, for the person to see. */
      readonly notes: readonly string[];
    }
  | { readonly nothingToDo: string }
  | { readonly refused: Refused }
  | { readonly error: string };

/** The words as a request, with what it has to supersede so that "off" and "on" just work. */
export const understand = (
  action: 'off' | 'on',
  verb: 'decide' | 'begin',
  words: DecisionWords & { readonly dryRun?: boolean },
  status: NfcStatus,
): Understood => {
  const shop = shopFrom(status.shop);
  if ('error' in shop) return shop;
  const request = requestOf(action, words, shop);
  if (isDecisionProblem(request)) return { refused: refusedBy(request) };
  const { contactless, qr, waiting, setUp } = status;
  if (setUp === false && words.dryRun !== true) {
    return { refused: { field: 'by', problem: NOBODY } };
  }
  // A register that begins anew has nothing to supersede, and one that can't be read nothing to
  // go by.
  if (words.supersedes?.length || verb === 'begin' || contactless.unreadable !== undefined) {
    return { request, notes: [] };
  }
  const asked = {
    action,
    scope: request['scope'] as object,
    scoped: (words.scope ?? []).length > 0,
    planned: words.from !== undefined,
    timed: words.until !== undefined || words.hours !== undefined,
  };
  const decisions = [...contactless.inForce, ...(qr?.inForce ?? []), ...waiting];
  const supersedes = counterparts(asked, decisions);
  if (isDecisionProblem(supersedes)) return { refused: refusedBy(supersedes) };
  if (supersedes === 'nothing to do') {
    return { nothingToDo: `nothing is switched off: ${contactless.sentence}` };
  }
  return {
    request: { ...request, supersedes },
    notes: decisions
      .filter(({ decision: { id } }) => supersedes.includes(id))
      .map(({ decision: { id }, says }) => `with --supersedes ${id}: ${says}`),
  };
};

const refusedBy = ({ field, problem }: DecisionProblem): Refused => ({ field, problem });

const shopFrom = ({ atMs, timeZone, ...shop }: ShopValues): Shop | { readonly error: string } => {
  const zone = zoneOf(timeZone);
  if (zone === undefined) return { error: `the terminal's time zone "${timeZone}" is unknown` };
  return { ...shop, now: { wallMs: atMs, zone } };
};

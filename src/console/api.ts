import type { DecisionProblem, FactName } from '#acceptance/index.ts';
import type { ContactlessSummary, DecisionView, PreviewSummary } from '#decisions/view.ts';
import type { Role } from '#ports/people.ts';
import type { UpkeepStanding } from '#ports/upkeep.ts';
import type { Right } from '#staff/rights.ts';
import type { SaleResult, TapTimes, TerminalStatus } from '#terminal/types.ts';

/**
 * What console server and console page say to each other: JSON under /api/, the session in a
 * cookie, the token that proves a request to be the page's own in the header `x-countertap-token`
 * of everything that changes something.
 */

/** GET /api/session, and what signing in (POST /api/session) answers with. */
export interface SessionView {
  readonly person: string;
  readonly role: Role;
  readonly rights: readonly Right[];
  readonly token: string;
  readonly merchant: string;
  readonly terminalId: string;
  /** The shop's language and currency, for dates and amounts. */
  readonly language: string;
  readonly currency: string;
  readonly timeZone: string;
}

/** GET /api/session without one: 401. `setUp` false: nobody is known yet (POST /api/setup). */
export interface NobodyView {
  readonly setUp: boolean;
  readonly merchant: string;
}

/** POST /api/setup and POST /api/session. */
export interface SignIn {
  readonly name: string;
  readonly pin: string;
}

/** Any answer with a status of 400 and more. */
export interface ErrorView {
  readonly error: string;
  /** The field that is meant, such as "until" or "pin". */
  readonly field?: string;
  readonly retryAfterMs?: number;
}

/** GET /api/now, and the event "now" of GET /api/events (Server-Sent Events). */
export interface NowView {
  readonly atMs: number;
  readonly status: TerminalStatus;
  readonly contactless: ContactlessSummary;
  readonly device: ReaderView;
  readonly displays: number;
  readonly refusedLater: number;
  readonly upkeep: UpkeepStanding;
}

/** The event "tap": newest first in GET /api/taps, at most 50. */
export interface TapView {
  readonly transactionId: string;
  readonly atMs: number;
  readonly result: SaleResult;
  readonly times?: TapTimes;
}

export type { ContactlessSummary, DecisionView };

/** GET /api/contactless */
export interface ContactlessView {
  readonly summary: ContactlessSummary;
  /** Newest first. */
  readonly history: readonly DecisionView[];
  readonly why: readonly string[];
  readonly options: DecisionOptions;
}

export interface DecisionOptions {
  readonly reasonCategories: Readonly<Record<string, string>>;
  readonly schemes: readonly string[];
  readonly aids: readonly string[];
  readonly kernels: readonly string[];
  readonly wallets: readonly string[];
  readonly lanes: readonly string[];
  readonly currencies: readonly string[];
  readonly languages: Readonly<Record<string, string>>;
  readonly alternatives: readonly string[];
  readonly needs: Readonly<Record<FactName, string>>;
  readonly approval: { readonly off: boolean; readonly on: boolean };
}

/** POST /api/contactless/preview: 200 with either; nothing is changed. */
export type PreviewView = PreviewSummary | { readonly problem: DecisionProblem };

// POST /api/contactless/decisions          what parseDecision takes → 201 DecisionView
// POST /api/contactless/decisions/:id/approval                      → 200 DecisionView
// POST /api/contactless/anew               the first decision       → 201 DecisionView
// POST /api/contactless/verify                                      → 200 RegisterCheck
// GET  /api/contactless/register.csv, register.json                 → a file

/** GET /api/payments?search=&state=&before=&count=: newest first. */
export interface PaymentsView {
  readonly payments: readonly PaymentLine[];
  /** For `before` of the next page; absent at the end. */
  readonly next?: string;
}

export interface PaymentLine {
  readonly id: string;
  readonly tillId?: string;
  readonly kind: string;
  readonly state: string;
  /** The state in words. */
  readonly meaning: string;
  readonly startedMs: number;
  readonly amountMinor: number;
  readonly approvedMinor?: number;
  readonly currency: string;
  readonly scheme?: string;
  readonly maskedPan?: string;
  readonly reason?: string;
}

/** GET /api/payments/:id */
export interface PaymentView {
  readonly line: PaymentLine;
  readonly result?: SaleResult;
  readonly refundedMinor: number;
  readonly can: { readonly refund: boolean; readonly void: boolean; readonly reprint: boolean };
  /** What happened, from the journal. */
  readonly entries: readonly {
    readonly sequence: number;
    readonly event: string;
    readonly atMs: number;
    readonly says: string;
  }[];
  /** Each exchange decoded, account data masked. */
  readonly exchanges: readonly {
    readonly command: string;
    readonly answer: string;
    readonly elements: readonly { tag: string; name: string; value: string; means: string }[];
  }[];
  readonly reasons: readonly string[];
}

// POST /api/payments/:id/void                                        → 200 OrderResult
// POST /api/payments/:id/refund  { amountMinor, requestId }          → 200 SaleResult
// GET  /api/payments/:id/receipt                                     → 200 ReceiptView
// POST /api/cancel                                                   → 200 { cancelled }

export interface ReceiptView {
  /** Ready to be printed, each at most 42 characters. */
  readonly lines: readonly string[];
  readonly copy: true;
}

/** GET /api/devices */
export interface ReaderView {
  readonly present: boolean;
  readonly name: string;
  readonly model?: string;
  readonly silenced?: 'antennaOff' | 'antennaOn';
  /** Of the reader when contactless is off, in a sentence. */
  readonly sentence: string;
}

export interface DeviceView {
  readonly kind: 'reader' | 'display' | 'host' | 'journal' | 'keys' | 'machine';
  readonly title: string;
  readonly good: boolean;
  readonly says: string;
  readonly details: readonly { readonly name: string; readonly value: string }[];
}

export interface DevicesView {
  readonly devices: readonly DeviceView[];
}

/** GET /api/doctor: looked at anew each time, at most ten seconds. */
export type { Diagnosis as DoctorView } from '#doctor/index.ts';

/** Why a release is left again: POST /api/updates/roll-back. */
export interface RollBackOrder {
  readonly why: string;
}

// GET /api/settings                                                  → 200 SettingsView
// PUT /api/settings    SettingsChange                                → 200 SettingsView
export type {
  LimitName,
  LimitsLine,
  LimitView,
  SettingsChange,
  SettingsView,
  TextsLine,
} from '#settings/types.ts';
// POST /api/updates/look                                             → 202 UpkeepStanding
// POST /api/updates/install      as soon as nobody pays              → 202 UpkeepStanding
// POST /api/updates/roll-back    RollBackOrder, the same             → 202 UpkeepStanding
// What becomes of them is told by NowView's `upkeep`.
export type { UpkeepStanding };

/** GET /api/people */
export interface PeopleView {
  readonly people: readonly {
    readonly name: string;
    readonly role: Role;
    readonly sinceMs: number;
    readonly lockedUntilMs?: number;
    readonly signedIn: boolean;
  }[];
}

// POST   /api/people            { name, role, pin }                  → 201 PeopleView
// PUT    /api/people/:name      { role } or { pin }                  → 200 PeopleView
// DELETE /api/people/:name                                           → 200 PeopleView
// PUT    /api/session/pin       { pin, newPin }                      → 204
// GET    /api/audit                                                  → 200 AuditView
// DELETE /api/session                                                → 204

/** Newest first, at most 200. */
export interface AuditView {
  readonly lines: readonly {
    readonly sequence: number;
    readonly atMs: number;
    readonly person: string;
    readonly role: string;
    readonly from: 'console' | 'command line' | 'terminal';
    readonly action: string;
    readonly subject: string;
    readonly outcome: 'done' | 'refused';
    readonly says: string;
  }[];
}

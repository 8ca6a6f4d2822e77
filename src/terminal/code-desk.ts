import { merge, type Observable, Subject, tap, timer } from 'rxjs';
import { ignoreElements } from 'rxjs/operators';
import type { ScannedCode } from '#ports/code-scanner.ts';
import { type CodeReading, createCodeReading } from './code-reading.ts';
import { type Identified, identifiedWords } from './identified.ts';
import type { SaleRequest, TerminalEvent, TerminalParts } from './types.ts';
import { takesCodes, walletRefusal } from './wallet-gate.ts';
import { createWishes, type Wish, type Wishes } from './wishes.ts';

/** Where scans and touches arrive: they are brought to the payment that is being taken. */
export interface CodeDesk {
  /** A payment begins. What was scanned just before it is its first wish. */
  open(request: SaleRequest, emit: (event: TerminalEvent) => void): Wishes;
  /** It is over. What it never came to take is kept for a moment, unless it was paid. */
  close(approved: boolean): void;
  /** See CodeReading. */
  readonly read: CodeReading['read'];
  /** Listens while somebody is subscribed; emits what becomes of scans that no payment is for. */
  readonly work$: Observable<TerminalEvent>;
}

type DeskParts = Pick<
  TerminalParts,
  | ('scanner' | 'scannerReady' | 'display' | 'identify' | 'wallets')
  | ('clock' | 'settings' | 'acceptance')
>;

/**
 * Cashiers scan while they key the amount in, or when the payment before it is being cancelled: a
 * scan waits that long for a payment to begin. Not longer: the next shopper is not to pay with it.
 */
export const KEPT_MS = 3_000;

export const createCodeDesk = (parts: DeskParts): CodeDesk => {
  const { scanner, display, clock, settings } = parts;
  const outside = new Subject<TerminalEvent>();
  const reading = createCodeReading(parts);
  let sale: Sale | undefined;
  let kept: { readonly scan: ScannedCode; readonly sinceMs: number } | undefined;
  let paidMs = Number.NEGATIVE_INFINITY;
  const report = (scan: ScannedCode, why: string) =>
    outside.next(scanned(parts.identify(scan.text, scan.symbology), 'dropped', why));
  const keep = (scan: ScannedCode) => {
    if (kept !== undefined && kept.scan.text !== scan.text) report(kept.scan, NEWER);
    kept = { scan, sinceMs: clock.monotonicMs() };
  };
  const atRest = (scan: ScannedCode) => {
    // Whoever has just paid shows the same phone still.
    if (clock.monotonicMs() - paidMs < settings.resultMs) report(scan, PAID);
    else keep(scan);
  };
  const expire = () => {
    if (kept === undefined || clock.monotonicMs() - kept.sinceMs < KEPT_MS) return;
    report(kept.scan, 'no payment was being taken');
    kept = undefined;
  };
  const onScan = (scan: ScannedCode) => {
    if (sale === undefined && reading.take(scan)) return;
    if (sale === undefined) atRest(scan);
    else bring(parts, sale, scan);
  };
  return {
    read: reading.read,
    open: (request, emit) => {
      reading.makeWay();
      const taken = new Set<string>();
      const wishes = createWishes(clock, () => taken.clear());
      sale = { request, emit, wishes, taken };
      expire();
      const { scan } = kept ?? {};
      kept = undefined;
      if (scan !== undefined) bring(parts, sale, scan);
      return wishes;
    },
    close: (approved) => {
      const left = sale?.wishes.take();
      sale = undefined;
      if (approved) paidMs = clock.monotonicMs();
      if (left?.wish !== 'scan') return;
      if (approved) report(left.scan, PAID);
      else keep(left.scan);
    },
    work$: merge(
      scanner.scans$.pipe(tap(onScan), ignoreElements()),
      display.choices$.pipe(
        tap((id) => sale?.wishes.choose(id)),
        ignoreElements(),
      ),
      timer(EXPIRY_MS, EXPIRY_MS, clock.scheduler).pipe(tap(expire), ignoreElements()),
      outside,
    ),
  };
};

const EXPIRY_MS = 1_000;
const NEWER = 'another code was scanned after it';
const PAID = 'the payment before it is paid';

interface Sale {
  readonly request: SaleRequest;
  readonly emit: (event: TerminalEvent) => void;
  readonly wishes: Wishes;
  /** Scanners read what lies before them again and again. */
  readonly taken: Set<string>;
}

const bring = (parts: DeskParts, { request, emit, wishes, taken }: Sale, scan: ScannedCode) => {
  if (taken.has(scan.text)) return;
  const found = parts.identify(scan.text, scan.symbology);
  if (!takesCodes(request)) {
    emit(scanned(found, 'unused', 'this payment is not taken by code'));
    return;
  }
  const wish = wishOf(parts, request, scan, found);
  if (typeof wish === 'string') {
    emit(scanned(found, 'unused', wish));
    return;
  }
  if ('refusal' in wish) {
    emit(scanned(found, 'refused', wish.refusal.because));
    emit({ event: 'refused', refusal: wish.refusal });
    return;
  }
  taken.add(scan.text);
  emit(scanned(found, 'taken', undefined));
  const before = wishes.wish(wish);
  if (before?.wish === 'scan') {
    emit(scanned(parts.identify(before.scan.text, before.scan.symbology), 'dropped', NEWER));
  }
};

const wishOf = (parts: DeskParts, request: SaleRequest, scan: ScannedCode, found: Identified) => {
  if (found.kind === 'emvConsumer') {
    return { wish: 'scan', scan, consumer: found.code } as const satisfies Wish;
  }
  if (found.kind !== 'wallet') return identifiedWords(found);
  const host = parts.wallets.find(({ name }) => name === found.wallet);
  if (host === undefined) return `this shop does not take ${found.wallet}`;
  if (!host.presents.shopper) return `${host.title} is paid with a code of ours, not the shopper's`;
  const refusal = walletRefusal(parts, host.name, request);
  if (refusal !== undefined) return { refusal };
  return { wish: 'scan', scan, host, code: found.code } as const satisfies Wish;
};

const scanned = (
  found: Identified,
  became: 'taken' | 'refused' | 'unused' | 'dropped',
  why: string | undefined,
): TerminalEvent => ({
  event: 'scan',
  kind: found.kind,
  ...(found.kind === 'wallet' ? { wallet: found.wallet } : {}),
  became,
  ...(why === undefined ? {} : { why }),
});

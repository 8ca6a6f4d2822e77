import type { WalletHost } from '#ports/wallet-host.ts';
import { TAP, type Turn, turnId, walletChoice } from './choices.ts';
import type { Course } from './course.ts';
import type { SaleRequest } from './types.ts';
import { contactlessOff, walletsTaken } from './wallet-gate.ts';

/**
 * Tells the display what else may be touched.
 * @param except the wallet that is being paid with
 * @param now what it waits for: ours to be scanned, or the shopper's to be shown
 */
export const offer = (
  course: Course,
  except: WalletHost | undefined,
  byCode: boolean,
  now?: Turn['to'],
): void => {
  const { parts, request, emit, wishes } = course.context;
  if (parts.wallets.length === 0) return;
  const wallets = isAskedFor(request)
    ? []
    : walletsTaken(parts, parts.wallets, request).filter((host) => host !== except);
  const tap = byCode && tapIsLeft(course);
  const turn = except && now && turnOf(course, except, now);
  wishes.offer([
    ...(turn === undefined ? [] : [turnId(turn)]),
    ...wallets.map(({ name }) => walletChoice(name)),
    ...(tap ? [TAP] : []),
  ]);
  emit({
    event: 'choices',
    tap,
    wallets: wallets.map(({ name, title }) => ({ name, title })),
    ...(turn === undefined ? {} : { turn }),
  });
};

// Who is asked to show a code wants a scanner that can read it.
const turnOf = (
  { context: { parts } }: Course,
  { name: wallet, presents }: WalletHost,
  now: Turn['to'],
): Turn | undefined => {
  if (now === 'showCode') return presents.shop ? { to: 'scanCode', wallet } : undefined;
  return presents.shopper && parts.scannerReady?.() === true
    ? { to: 'showCode', wallet }
    : undefined;
};

/** Contactless is still a way to pay this. */
export const tapIsLeft = ({ context: { parts, request } }: Course): boolean =>
  request.method !== 'code' && !isAskedFor(request) && !contactlessOff(parts, request);

/** The till has named the wallet or given a code: nothing else is waited for. */
export const isAskedFor = ({ code, wallet }: SaleRequest): boolean =>
  code !== undefined || wallet !== undefined;

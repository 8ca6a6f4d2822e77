import type { WalletHost } from '#ports/wallet-host.ts';
import { TAP, walletChoice } from './choices.ts';
import type { Course } from './course.ts';
import type { SaleRequest } from './types.ts';
import { contactlessOff, walletsTaken } from './wallet-gate.ts';

/** Tells the display what else may be touched. */
export const offer = (course: Course, except: WalletHost | undefined, byCode: boolean): void => {
  const { parts, request, emit, wishes } = course.context;
  if (parts.wallets.length === 0) return;
  const wallets = isAskedFor(request)
    ? []
    : walletsTaken(parts, parts.wallets, request).filter((host) => host !== except);
  const tap = byCode && tapIsLeft(course);
  wishes.offer([...wallets.map(({ name }) => walletChoice(name)), ...(tap ? [TAP] : [])]);
  emit({
    event: 'choices',
    tap,
    wallets: wallets.map(({ name, title }) => ({ name, title })),
  });
};

/** Contactless is still a way to pay this. */
export const tapIsLeft = ({ context: { parts, request } }: Course): boolean =>
  request.method !== 'code' && !isAskedFor(request) && !contactlessOff(parts, request);

/** The till has named the wallet or given a code: nothing else is waited for. */
export const isAskedFor = ({ code, wallet }: SaleRequest): boolean =>
  code !== undefined || wallet !== undefined;

import type { WalletHost } from '#ports/wallet-host.ts';
import { TAP, walletOfChoice, walletToShow } from './choices.ts';
import { byConsumerCode } from './consumer-payment.ts';
import { type Course, type Decision, over } from './course.ts';
import { type ConsumerCode, identifiedWords } from './identified.ts';
import { isAskedFor, offer, tapIsLeft } from './offer.ts';
import { costsMore, reprice } from './price.ts';
import { refusedByShop, restricted } from './shop-refusal.ts';
import { taps } from './taps.ts';
import type { Refusal } from './types.ts';
import { contactlessOff, EMV, takesCodes, walletRefusal, walletsTaken } from './wallet-gate.ts';
import { byWallet, type WalletWay } from './wallet-payment.ts';
import type { Wish } from './wishes.ts';

/** How a shopper is about to pay. */
type Way =
  | { readonly way: 'card' }
  /** Which wallet: the display asks. */
  | { readonly way: 'choose' }
  /** The scanner waits for this wallet's code. */
  | { readonly way: 'show'; readonly host: WalletHost }
  | { readonly way: 'consumer'; readonly code: ConsumerCode }
  | WalletWay;

/** A purchase by whatever the shop takes and the shopper likes, until it is paid or over. */
export const byAnyWay = async (course: Course): Promise<Decision> => {
  const { quiet, wishes } = course.context;
  let next = firstWay(course);
  for (;;) {
    if ('step' in next) return next;
    // The field is off while a code is waited for, so that no card pays beside it.
    quiet.byCode(next.way !== 'card');
    wishes.offer([]);
    next = await take(course, next);
  }
};

const take = async (course: Course, next: Way): Promise<Way | Decision> => {
  switch (next.way) {
    case 'card':
      return byCard(course);
    case 'choose':
      return choose(course);
    case 'show':
      return show(course, next.host);
    case 'consumer':
      reprice(course, { by: 'code' });
      return refusedNow(course, EMV) ?? byConsumerCode(course, next.code);
    case 'wallet':
      return (
        (await refusedNow(course, next.host.name)) ??
        (await byWallet(course, next)) ??
        afterwards(course)
      );
  }
};

// What was decided since the code was scanned counts, too.
const refusedNow = (course: Course, wallet: string): Promise<Way | Decision> | undefined => {
  const { parts, request, emit } = course.context;
  const refusal = walletRefusal(parts, wallet, request);
  if (refusal === undefined) return undefined;
  if (isAskedFor(request)) return refusedFor(course, refusal);
  emit({ event: 'refused', refusal });
  return Promise.resolve(restart(course));
};

const firstWay = (course: Course): Way | Decision => {
  const { parts, request } = course.context;
  const { code, wallet } = request;
  if (!takesCodes(request)) {
    return code === undefined && wallet === undefined
      ? { way: 'card' }
      : over('declined', 'only a purchase is paid by code', 'notCompleted');
  }
  if (wallet !== undefined) {
    const host = parts.wallets.find(({ name }) => name === wallet);
    if (host === undefined) return over('declined', `this shop does not take ${wallet}`);
    return code === undefined ? byHost(host) : { way: 'wallet', host, code, typed: true };
  }
  if (code === undefined) return restart(course);
  const found = parts.identify(code, undefined);
  if (found.kind === 'emvConsumer') return { way: 'consumer', code: found.code };
  if (found.kind !== 'wallet') return over('declined', identifiedWords(found));
  const host = parts.wallets.find(({ name }) => name === found.wallet);
  if (host === undefined) return over('declined', `this shop does not take ${found.wallet}`);
  return { way: 'wallet', host, code: found.code };
};

const byHost = (host: WalletHost): Way =>
  host.presents.shop ? { way: 'wallet', host } : { way: 'show', host };

/** A card where one is taken, else a code. */
const restart = ({ context: { parts, request } }: Course): Way => {
  if (request.method === 'code') return { way: 'choose' };
  const codes = walletsTaken(parts, parts.wallets, request).length > 0;
  return codes && contactlessOff(parts, request) ? { way: 'choose' } : { way: 'card' };
};

const afterwards = (course: Course): Way => {
  const wish = course.context.wishes.take();
  return wish === undefined ? restart(course) : wayOf(course, wish);
};

const wayOf = (course: Course, wish: Wish): Way => {
  if (wish.wish === 'scan') {
    const { host, code, consumer } = wish;
    if (consumer !== undefined) return { way: 'consumer', code: consumer };
    if (host === undefined || code === undefined) return restart(course);
    if (!costsMore(course, { by: 'code', wallet: host.name })) return { way: 'wallet', host, code };
    course.context.wishes.again();
    return { way: 'show', host };
  }
  if (wish.id === TAP) return { way: 'card' };
  const { wallets } = course.context.parts;
  const shown = wallets.find(({ name }) => name === walletToShow(wish.id));
  if (shown !== undefined) return { way: 'show', host: shown };
  const host = wallets.find(({ name }) => name === walletOfChoice(wish.id));
  return host === undefined ? restart(course) : byHost(host);
};

const byCard = async (course: Course): Promise<Way | Decision> => {
  const { parts } = course.context;
  course.cardDeadlineMs = parts.clock.monotonicMs() + parts.settings.cardTimeoutMs;
  const none = noCardCanPay(course);
  if (none !== undefined) return over('declined', none, 'notCompleted');
  course.repriced = false;
  reprice(course, { by: 'card' });
  offer(course, undefined, false);
  const next = await taps(course);
  return next.step === 'ended' ? next : afterwards(course);
};

// What the configuration leaves out no card could change: the field stays off.
const noCardCanPay = ({ contactless, context, first }: Course): string | undefined => {
  if (contactless.combinations.get(first.transaction.type)?.length) return undefined;
  const { brands, cashBackMinor } = context.request;
  const { combinations } = context.parts.contactless;
  if (brands !== undefined && combinations.get(first.transaction.type)?.length) {
    return `this terminal takes no cards of ${brands.join(', ')}`;
  }
  return cashBackMinor === undefined
    ? undefined
    : 'this terminal is not configured for cashback (transaction type 09)';
};

const choose = async (course: Course): Promise<Way | Decision> => {
  const { parts, request, emit } = course.context;
  const hosts = walletsTaken(parts, parts.wallets, request);
  const [only] = hosts;
  if (only === undefined) return noneTaken(course);
  if (hosts.length === 1 && !tapIsLeft(course)) return byHost(only);
  reprice(course, { by: 'code' });
  offer(course, undefined, true);
  emit({ event: 'code', screen: 'payByCode' });
  return waited(course);
};

const show = async (course: Course, host: WalletHost): Promise<Way | Decision> => {
  const { parts, request, emit } = course.context;
  const refusal = walletRefusal(parts, host.name, request);
  if (refusal !== undefined) {
    return isAskedFor(course.context.request) ? refusedFor(course, refusal) : restart(course);
  }
  const ofMs = parts.settings.cardTimeoutMs;
  const untilMs = parts.clock.monotonicMs() + ofMs;
  reprice(course, { by: 'code', wallet: host.name });
  offer(course, host, true, 'showCode');
  emit({ event: 'code', screen: 'showYourCode', wallet: host.title, untilMs, ofMs });
  return waited(course);
};

/** What the shopper does about a screen that waits for nothing but that. */
const waited = async (course: Course): Promise<Way | Decision> => {
  const { parts, wishes, signal } = course.context;
  const wish = await wishes.next(signal, parts.settings.cardTimeoutMs);
  if (wish !== undefined) return wayOf(course, wish);
  return signal.aborted ? over('cancelled', 'cancelled') : over('timedOut', 'no code was shown');
};

const noneTaken = async (course: Course): Promise<Way | Decision> => {
  const { parts, request } = course.context;
  const [first] = parts.wallets;
  if (first === undefined) return over('declined', 'this shop takes no code of a wallet');
  const refusal = walletRefusal(parts, first.name, request);
  return refusal === undefined ? { way: 'card' } : refusedFor(course, refusal);
};

const refusedFor = async (course: Course, refusal: Refusal): Promise<Decision> => {
  const { parts } = course.context;
  const next = await refusedByShop(course, { ...refusal, whole: true });
  course.known = { ...course.known, ...restricted(refusal, parts.settings.language) };
  return next.step === 'ended' ? next : over('declined', refusal.because, 'notCompleted');
};

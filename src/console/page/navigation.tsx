import { useEffect, useState } from 'preact/hooks';
import type { Right } from '#staff/rights.ts';
import { type Console, useConsole } from './console-context.ts';
import { STATE_OF } from './now/contactless-state.ts';
import { Icon, type IconName } from './pieces/icon.tsx';
import { hrefOf, type Route } from './route.ts';
import { T } from './texts.ts';

interface Place {
  readonly path: string;
  readonly words: string;
  readonly icon: IconName;
  readonly right: Right;
  /** On a phone: below the thumb, or behind "More". */
  readonly first?: boolean;
}

const PLACES: readonly Place[] = [
  { path: 'now', words: T.nav.now, icon: 'now', right: 'seeTerminal', first: true },
  {
    path: 'contactless',
    words: T.nav.contactless,
    icon: 'contactless',
    right: 'seeDecisions',
    first: true,
  },
  { path: 'payments', words: T.nav.payments, icon: 'payments', right: 'seePayments', first: true },
  { path: 'settings', words: T.nav.settings, icon: 'settings', right: 'seeSettings' },
  { path: 'devices', words: T.nav.devices, icon: 'devices', right: 'seeDevices' },
  { path: 'doctor', words: T.nav.doctor, icon: 'doctor', right: 'seeDoctor' },
  { path: 'updates', words: T.nav.updates, icon: 'updates', right: 'seeDoctor' },
  { path: 'people', words: T.nav.people, icon: 'people', right: 'seePeople' },
  { path: 'audit', words: T.nav.audit, icon: 'audit', right: 'seePeople' },
];

/** A column beside the page; on a phone a bar below it. */
export const Navigation = ({ route }: { readonly route: Route }) => {
  const desk = useConsole();
  const [open, setOpen] = useState(false);
  const here = route[0] ?? 'now';
  useEffect(() => setOpen(false), [route]);
  const places = PLACES.filter(({ right }) => desk.may(right));
  const rest = places.filter(({ first }) => !first);
  return (
    <header class="side" data-open={open ? '' : undefined}>
      <div class="side-head">
        <p class="brand">
          <span class="brand-mark">
            <Icon name="contactless" />
          </span>
          <span>
            {desk.session.merchant}
            <small>
              {T.nav.terminal} {desk.session.terminalId}
            </small>
          </span>
        </p>
        <StatePill desk={desk} />
      </div>
      <nav aria-label={T.nav.title}>
        <ul class="places">
          {places
            .filter(({ first }) => first)
            .map((place) => (
              <PlaceLink key={place.path} place={place} here={here} />
            ))}
          <li class="place-more">
            <button
              type="button"
              class="place"
              aria-expanded={open}
              aria-controls="more-places"
              data-here={rest.some(({ path }) => path === here) || here === 'me' ? '' : undefined}
              onClick={() => setOpen(!open)}
            >
              <Icon name="more" />
              <span>{T.nav.more}</span>
            </button>
          </li>
        </ul>
        <ul class="places places-rest" id="more-places">
          {rest.map((place) => (
            <PlaceLink key={place.path} place={place} here={here} />
          ))}
          <MyPlace here={here} />
        </ul>
      </nav>
    </header>
  );
};

const PlaceLink = ({ place, here }: { readonly place: Place; readonly here: string }) => (
  <li>
    <a
      class="place"
      href={hrefOf(place.path)}
      aria-current={place.path === here ? 'page' : undefined}
    >
      <Icon name={place.icon} />
      <span>{place.words}</span>
    </a>
  </li>
);

const MyPlace = ({ here }: { readonly here: string }) => {
  const { session } = useConsole();
  return (
    <li class="place-me">
      <a class="place" href={hrefOf('me')} aria-current={here === 'me' ? 'page' : undefined}>
        <Icon name="person" />
        <span>
          {session.person}
          <small>{T.roles[session.role]}</small>
        </span>
      </a>
    </li>
  );
};

/** Wherever somebody is in the console: whether the shop takes contactless. */
const StatePill = ({ desk }: { readonly desk: Console }) => {
  const contactless = desk.live.now?.contactless;
  if (contactless === undefined) return null;
  const { tone, icon, pill } = STATE_OF[contactless.accepted];
  return (
    <a class="badge state-pill" data-tone={tone} href={hrefOf('contactless')}>
      <Icon name={icon} />
      <span>{pill}</span>
    </a>
  );
};

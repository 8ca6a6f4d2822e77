import type { ComponentChildren } from 'preact';
import type { Alternative, Way } from '#ports/customer-display.ts';

/** More than this don't stand side by side at a size to be read from a step away. */
const ONE_ROW = 4;

/** What else is taken here, each with its sign. */
export const Alternatives = ({ ways }: { readonly ways: readonly Alternative[] }) => (
  <ul class="alternatives" data-many={ways.length > ONE_ROW ? '' : undefined}>
    {ways.map(({ way, words }) => (
      <li key={words}>
        <WaySign way={way} />
        <span>{words}</span>
      </li>
    ))}
  </ul>
);

export const WaySign = ({ way }: { readonly way: Way }) => (
  <svg class="way" viewBox="0 0 48 48" aria-hidden="true">
    {SIGNS[way]}
  </svg>
);

// Our own drawings, on a field of 48 by 48.
const SIGNS: Readonly<Record<Way, ComponentChildren>> = {
  insert: (
    <>
      <path d="M4 40h6m28 0h6M10 44V8a4 4 0 0 1 4-4h20a4 4 0 0 1 4 4v36" />
      <rect x="17" y="28" width="14" height="10" rx="2" />
      <path d="M24 9v12m-5-5 5 5 5-5" />
    </>
  ),
  swipe: (
    <>
      <rect x="4" y="8" width="40" height="22" rx="4" />
      <path class="thick" d="M5 16h38" />
      <path d="M8 40h30m-6-6 6 6-6 6" />
    </>
  ),
  card: (
    <>
      <rect x="3" y="11" width="29" height="26" rx="4" />
      <path d="M3 19h29M37 17a11 11 0 0 1 0 14m5-19a18 18 0 0 1 0 24" />
    </>
  ),
  phone: (
    <>
      <rect x="13" y="3" width="22" height="42" rx="5" />
      <path d="M21 9h6m-4 29h2" />
    </>
  ),
  qr: (
    <>
      <path d="M6 6h13v13H6Zm23 0h13v13H29ZM6 29h13v13H6Z" />
      <path class="thick" d="M12.5 12.5v.01m23-.01v.01m-23 22.99v.01M30 30v.01m5.5 5.49v.01" />
      <path class="thick" d="M41 30v.01M30 41v.01m11-.01v.01" />
    </>
  ),
  cash: (
    <>
      <rect x="3" y="11" width="42" height="26" rx="4" />
      <circle cx="24" cy="24" r="6.5" />
      <path d="M10 24v.01m28-.01v.01" />
    </>
  ),
  other: (
    <>
      <circle cx="24" cy="24" r="19" />
      <path d="m15 25 6.5 6.5L34 18" />
    </>
  ),
};

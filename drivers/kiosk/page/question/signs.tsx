import type { ComponentChildren } from 'preact';

// Our own drawings, on a field of 48 by 48: what a button does is told by its shape, too.
const Sign = ({ children }: { readonly children: ComponentChildren }) => (
  <svg class="way" viewBox="0 0 48 48" aria-hidden="true">
    {children}
  </svg>
);

export const Tick = () => (
  <Sign>
    <path class="thick" d="m8 26 11 11 21-25" />
  </Sign>
);

export const Cross = () => (
  <Sign>
    <path class="thick" d="m11 11 26 26m0-26L11 37" />
  </Sign>
);

export const Backspace = () => (
  <Sign>
    <path d="M16 10h26v28H16L4 24Zm8 8 11 12m0-12L24 30" />
  </Sign>
);

export const Capitals = () => (
  <Sign>
    <path d="M24 6 42 26H32v14H16V26H6Z" />
  </Sign>
);

/** A box to tick. */
export const Box = ({ ticked }: { readonly ticked: boolean }) => (
  <Sign>
    <rect x="5" y="5" width="38" height="38" rx="6" />
    {ticked && <path class="thick" d="m13 25 8 8 15-18" />}
  </Sign>
);

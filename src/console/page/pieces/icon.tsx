// table: the console's signs

import type { ComponentChildren } from 'preact';

interface IconProps {
  readonly name: IconName;
  readonly large?: boolean;
}

/** Our own drawings on a field of 24 by 24. Always beside words, so hidden from screen readers. */
export const Icon = ({ name, large = false }: IconProps) => (
  <svg class={large ? 'icon icon-large' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
    {DRAWINGS[name]}
  </svg>
);

// biome-ignore format: a row stays on its line
const DRAWINGS = {
  now: <path d="M3 12h4l3-7 4 14 3-7h4" />,
  contactless: <path d="M6 9a5 5 0 0 1 0 6m4-8.500a10 10 0 0 1 0 11m4-13.500a15 15 0 0 1 0 16" />,
  contactlessOff: (
    <path d="M6 9a5 5 0 0 1 0 6m4-8.500q1.500 2.300 1.700 4.700M10 17.500l1.200-2.300M14 4q3.400 5.400 2.400 11M14 20l1-1.800M3 3l18 18" />
  ),
  contactlessPart: (
    <path d="M6 9a5 5 0 0 1 0 6m4-8.500a10 10 0 0 1 0 11m5-12.500v.01m2 3v.01m.9 3.990v.01m-.9 4v.01m-2 3v.01" />
  ),
  payments: (
    <path d="M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Zm-1 4h18M7 14.500h3" />
  ),
  settings: <path d="M4 7h9m5 0h2M4 17h3m5 0h8M15.500 4.500v5m-6 5v5" />,
  devices: (
    <path d="M7 2.500h10a1 1 0 0 1 1 1v17a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-17a1 1 0 0 1 1-1ZM9 6h6v5H9Zm0 9h.01M12 15h.01M15 15h.01M9 18h.01M12 18h.01M15 18h.01" />
  ),
  doctor: (
    <path d="M6 3v5a4 4 0 0 0 8 0V3M4.500 3h3m5 0h3M10 12v3a5 5 0 0 0 10 0v-2m0 0a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3Z" />
  ),
  updates: (
    <path d="M4.500 10a8 8 0 0 1 14.500-2.500M19.500 14a8 8 0 0 1-14.500 2.500M19.500 3.500v4.500H15M4.500 20.500V16H9" />
  ),
  people: (
    <path d="M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM2.500 20a6.500 6.500 0 0 1 13 0M16 4.900a3.500 3.500 0 0 1 0 6.200M18 14.500a6.500 6.500 0 0 1 3.500 5.500" />
  ),
  audit: <path d="M6 3h9l4 4v14H6ZM14.500 3v4.500H19M9.500 12h6m-6 4h6" />,
  person: <path d="M12 11.500a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.500 20.500a7.500 7.500 0 0 1 15 0" />,
  more: <path class="dots" d="M5 12h.01M12 12h.01M19 12h.01" />,
  signOut: <path d="M10 4H5v16h5M15 8l4 4-4 4m4-4H9" />,
  good: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-4-9 3 3 5-6" />,
  bad: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-3-6 6-6m-6 0 6 6" />,
  warn: <path d="M12 4 2.500 20h19ZM12 10v5m0 2.500v.01" />,
  calm: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5.500m0-8.500v.01" />,
  wait: <path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.500 2" />,
  back: <path d="m14 6-6 6 6 6" />,
  forth: <path d="m10 6 6 6-6 6" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  search: (
    <path d="M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13Zm5-1.500L20.500 20.500" />
  ),
  reader: <path d="M5 4h14v16H5Zm4 4.500a5 5 0 0 1 0 7m3.500-8.500a8 8 0 0 1 0 10" />,
  host: <path d="M3 8h14m-3.500-3.500L17 8l-3.500 3.500M21 16H7m3.500-3.500L7 16l3.500 3.500" />,
  journal: <path d="M6 3h13v18H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm2.500 0v18M12 8h4m-4 4h4" />,
  keys: (
    <path d="M8 19a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9Zm3.200-7.700L19.500 3m-4 4 3 3" />
  ),
  display: <path d="M3 4.500h18v12H3ZM8.500 20.500h7m-3.500-4v4" />,
  machine: (
    <path d="M6 6h12v12H6Zm3.500 0V3m5 3V3m-5 18v-3m5 3v-3M6 9.500H3m3 5H3m18-5h-3m3 5h-3" />
  ),
  owed: <path d="M12 3v12m-5-5 5 5 5-5M4 20h16" />,
  lock: <path d="M5.500 11h13v9.500h-13ZM8 11V8a4 4 0 0 1 8 0v3m-4 3.500v2.500" />,
  print: <path d="M7 8V3h10v5M7 17H3.500V8h17v9H17M7 14h10v7H7Z" />,
  download: <path d="M12 3v12m-5-5 5 5 5-5M4 20.500h16" />,
  add: <path d="M12 5v14M5 12h14" />,
  undo: <path d="M8 5 4 9l4 4M4 9h10a5.500 5.500 0 0 1 0 11h-3" />,
} as const satisfies Readonly<Record<string, ComponentChildren>>;

export type IconName = keyof typeof DRAWINGS;

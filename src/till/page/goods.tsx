import type { JSX } from 'preact';

export interface Good {
  readonly name: string;
  /** In hundredths, whatever the currency: see `priceMinor`. */
  readonly price: number;
  readonly drawing: JSX.Element;
}

const cup = (inside: string, steam: boolean) => (
  <>
    {steam && <path d="M24 6c4 4-3 6 1 11M36 6c4 4-3 6 1 11" class="line" />}
    <path d="M10 22h38v16a16 16 0 0 1-16 16h-6a16 16 0 0 1-16-16z" fill="#fff" class="edge" />
    <path d="M48 27h3a7 7 0 0 1 0 14h-3.500" class="line" />
    <ellipse cx="29" cy="22" rx="19" ry="5" fill={inside} class="edge" />
  </>
);

/** What the shop sells. Drawings are 64 by 64; their edges have the classes `edge` and `line`. */
export const GOODS: readonly Good[] = [
  { name: 'Espresso', price: 220, drawing: cup('#5b3621', true) },
  { name: 'Cappuccino', price: 340, drawing: cup('#d9a56c', true) },
  { name: 'Mint tea', price: 280, drawing: cup('#7fb069', true) },
  {
    name: 'Orange juice',
    price: 390,
    drawing: (
      <>
        <path d="M16 18h32l-4 38H20z" fill="#fff" class="edge" />
        <path d="M17.500 28h29L44 56H20z" fill="#f6a623" class="edge" />
        <path d="M34 34 42 6l6 2" class="line" />
        <circle cx="46" cy="20" r="9" fill="#ffc857" class="edge" />
      </>
    ),
  },
  {
    name: 'Water',
    price: 200,
    drawing: (
      <>
        <path
          d="M27 5h10v8l6 10v30a5 5 0 0 1-5 5H26a5 5 0 0 1-5-5V23l6-10z"
          fill="#d7eefc"
          class="edge"
        />
        <path d="M21 30h22v13H21z" fill="#3a86c8" class="edge" />
        <path d="M27 11h10" class="line" />
      </>
    ),
  },
  {
    name: 'Croissant',
    price: 190,
    drawing: (
      <>
        <path
          d="M8 44c-4-16 8-30 24-30s28 14 24 30c-3 4-7 3-9-1-2-6-8-9-15-9s-13 3-15 9c-2 4-6 5-9 1z"
          fill="#e3a857"
          class="edge"
        />
        <path d="M20 18l5 17M44 18l-5 17M11 29l9 10M53 29l-9 10" class="line" />
      </>
    ),
  },
  {
    name: 'Roll',
    price: 80,
    drawing: (
      <>
        <ellipse cx="32" cy="36" rx="25" ry="18" fill="#e0a458" class="edge" />
        <path d="M18 32c8-9 20-9 28 0M24 40c5-4 11-4 16 0" class="line" />
      </>
    ),
  },
  {
    name: 'Rye bread',
    price: 460,
    drawing: (
      <>
        <path
          d="M8 30c0-12 10-16 24-16s24 4 24 16c0 5-3 7-5 8v12H13V38c-2-1-5-3-5-8z"
          fill="#a9683b"
          class="edge"
        />
        <path d="M22 24l5 7M32 22l5 7M42 22l4 6" class="line" />
      </>
    ),
  },
  {
    name: 'Pretzel',
    price: 140,
    drawing: (
      <>
        <path
          d="M32 42C20 30 8 34 10 24c2-12 18-10 22 2 4-12 20-14 22-2 2 10-10 6-22 18z"
          fill="none"
          stroke="#8a4b23"
          stroke-width="8"
          stroke-linejoin="round"
        />
        <path
          d="M32 42 20 54M32 42l12 12"
          stroke="#8a4b23"
          stroke-width="8"
          stroke-linecap="round"
        />
        <path
          d="M14 21h1M48 20h1M32 33h1M24 49h1M40 49h1"
          stroke="#fff"
          stroke-width="3"
          stroke-linecap="round"
        />
      </>
    ),
  },
  {
    name: 'Berry cake',
    price: 380,
    drawing: (
      <>
        <path d="M6 40 40 14c10 2 17 10 18 18v8z" fill="#fbe3c0" class="edge" />
        <path d="M6 40h52v12H6z" fill="#e7b98a" class="edge" />
        <path d="M6 46h52" stroke="#b3304f" stroke-width="4" />
        <circle cx="40" cy="18" r="6" fill="#b3304f" class="edge" />
        <circle cx="50" cy="26" r="5" fill="#5b3a8c" class="edge" />
      </>
    ),
  },
  {
    name: 'Sandwich',
    price: 590,
    drawing: (
      <>
        <path d="M8 26c0-10 10-14 24-14s24 4 24 14z" fill="#e3b063" class="edge" />
        <path
          d="M6 32c5-5 8 3 13 0s8-3 13 0 8 3 13 0 8-5 13 0"
          stroke="#5f9b41"
          stroke-width="6"
          fill="none"
          stroke-linecap="round"
        />
        <path d="M8 36h48v5H8z" fill="#f0c93d" class="edge" />
        <path d="M8 43h48v4a6 6 0 0 1-6 6H14a6 6 0 0 1-6-6z" fill="#e3b063" class="edge" />
      </>
    ),
  },
  {
    name: 'Apple',
    price: 90,
    drawing: (
      <>
        <path
          d="M32 20c-6-6-22-5-22 12 0 14 10 26 17 26h10c7 0 17-12 17-26 0-17-16-18-22-12z"
          fill="#c8453b"
          class="edge"
        />
        <path d="M32 20c0-6 2-10 6-13" class="line" />
        <path d="M36 13c4-6 10-6 14-4-2 5-8 7-14 4z" fill="#6a9f4b" class="edge" />
      </>
    ),
  },
];

/** A good's price in minor units of a currency with so many digits after the point. */
export const priceMinor = ({ price }: Good, exponent: number): number =>
  Math.max(1, Math.round((price / 100) * 10 ** exponent));

import { encode } from 'uqr';

/** ISO/IEC 18004: four modules of light all around, without which phones find no code. */
const QUIET_ZONE = 4;

interface QrCodeProps {
  readonly content: string;
  /** For who can't see it. */
  readonly name: string;
}

/**
 * The code, dark on light in every theme, error level M, and never mirrored. The style sheet makes
 * each module a whole number of pixels. Throws for more than 2331 bytes: no wallet has so many.
 */
export function QrCode({ content, name }: QrCodeProps) {
  const { data, size } = encode(content, { ecc: 'M', border: QUIET_ZONE });
  return (
    <svg
      class="code"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={name}
      style={{ '--modules': String(size) }}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={data.map(runsIn).join('')} fill="#000" />
    </svg>
  );
}

// A row's dark modules, side by side in one rectangle: edges between them would show.
function runsIn(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const from = x;
    while (row[x + 1]) x += 1;
    path += `M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`;
  }
  return path;
}

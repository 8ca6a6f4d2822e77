import { encode } from 'uqr';
import { sha256 } from '#crypto/sha2.ts';
import type { Receipt, ReceiptPart } from '#ports/receipt-printer.ts';
import { PAGE_STYLE } from './page-style.ts';

/** The page's Content-Security-Policy: its own style, and nothing else from anywhere. */
export const pagePolicy = (): string => {
  const style = sha256(new TextEncoder().encode(PAGE_STYLE));
  return [
    "default-src 'none'",
    `style-src 'sha256-${btoa(String.fromCharCode(...style))}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
};

/**
 * The receipt as a page of its own: one file without script, to be read, printed or kept.
 * @param title the word for "receipt" in the receipt's language
 */
export const receiptPage = ({ language, parts }: Receipt, title: string): string => {
  const merchant = parts.find(({ part }) => part === 'title');
  const heading = merchant?.part === 'title' ? merchant.text : title;
  return [
    '<!doctype html>',
    `<html lang="${escaped(language)}" dir="${RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(pagePolicy())}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex, nofollow">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="format-detection" content="telephone=no">',
    `<title>${escaped(title)} – ${escaped(heading)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...grouped(parts).map(htmlOf),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
};

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar']);

type Pair = Extract<ReceiptPart, { part: 'pair' }>;

/** Pairs that follow each other are one list. */
const grouped = (
  parts: readonly ReceiptPart[],
): readonly (Exclude<ReceiptPart, Pair> | readonly Pair[])[] => {
  const groups: (Exclude<ReceiptPart, Pair> | Pair[])[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (part.part !== 'pair') groups.push(part);
    else if (Array.isArray(last)) last.push(part);
    else groups.push([part]);
  }
  return groups;
};

const htmlOf = (part: ReturnType<typeof grouped>[number]): string => {
  if ('length' in part) return `<dl>${part.map(pairHtml).join('')}</dl>`;
  switch (part.part) {
    case 'title':
      return `<h1>${escaped(part.text)}</h1>`;
    case 'line':
      return part.strong
        ? `<p dir="auto"><strong>${escaped(part.text)}</strong></p>`
        : `<p dir="auto">${escaped(part.text)}</p>`;
    case 'rule':
      return '<hr>';
    case 'space':
      return '';
    case 'signature':
      return `<p class="signature">${escaped(part.label)}</p>`;
    case 'qr':
      return codeHtml(part.content, part.caption);
  }
};

// Numbers keep their own direction within a text from right to left.
const pairHtml = ({ label, value, strong }: Pair): string => {
  const list = `<dt>${escaped(label)}</dt><dd><bdi>${escaped(value)}</bdi></dd>`;
  return `<div${strong ? ' class="strong"' : ''}>${list}</div>`;
};

const codeHtml = (content: string, caption = ''): string => {
  const { data, size } = encode(content, { ecc: 'M', border: 4 });
  const path = data.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  const name = escaped(caption === '' ? content : caption);
  const frame = `viewBox="0 0 ${size} ${size}" role="img" aria-label="${name}"`;
  const picture = `<svg ${frame}><path d="${path.join('')}"/></svg>`;
  const words = caption === '' ? '' : `<figcaption>${escaped(caption)}</figcaption>`;
  return `<figure>${picture}${words}</figure>`;
};

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

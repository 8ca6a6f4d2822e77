import { describeMalformed, type Malformed } from '#bytes/malformed.ts';
import type { Detail, Explanation } from '#data/explain/index.ts';

export interface Style {
  readonly tag: (text: string) => string;
  readonly value: (text: string) => string;
  readonly meaning: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly remark: (text: string) => string;
  readonly bad: (text: string) => string;
}

export interface TextOptions {
  /** Bits that are clear, too. */
  readonly all: boolean;
  readonly style: Style;
}

/** Aligned text of at most 100 columns: tag, name and value, and below them what they mean. */
export const textOf = (
  explained: {
    readonly objects: readonly Explanation[];
    readonly malformed: Malformed | null;
  },
  options: TextOptions,
): string => {
  const { objects, malformed } = explained;
  const tagWidth = Math.max(6, ...objects.map((one) => widest(one, 0))) + 2;
  const page = { ...options, tagWidth };
  const bad = malformed ? [problemLine(malformed, 0, options.style)] : [];
  return [...objects.flatMap((one) => linesOf(one, 0, page)), ...bad].join('\n');
};

const COLUMNS = 100;
// Where a value begins, seen from where its name begins; and what is left for it.
const NAME_WIDTH = 40;

interface Page extends TextOptions {
  readonly tagWidth: number;
}

const widest = ({ tag, objects }: Explanation, depth: number): number =>
  Math.max(2 * depth + tag.length, ...objects.map((one) => widest(one, depth + 1)));

const linesOf = (one: Explanation, depth: number, page: Page): string[] => {
  const { style, tagWidth } = page;
  const margin = ' '.repeat(tagWidth);
  return [
    ...head(one, depth, page),
    ...factLines(one).map((line) => margin + style.dim(line)),
    ...wrap(one.meaning ?? '', COLUMNS - tagWidth).map((line) => margin + style.meaning(line)),
    ...detailLines(one.details, page),
    ...one.remarks.flatMap((remark) =>
      wrap(remark, COLUMNS - tagWidth).map((line) => margin + style.remark(line)),
    ),
    ...one.objects.flatMap((inner) => linesOf(inner, depth + 1, page)),
    ...(one.malformed ? [problemLine(one.malformed, tagWidth, style)] : []),
    ...one.alternatives.flatMap((other) => [
      margin + style.dim('or else'),
      ...linesOf(other, depth, page),
    ]),
  ];
};

// Tag, name and value on one line where they fit; a long value goes on below, in its column.
const head = (one: Explanation, depth: number, { style, tagWidth }: Page): string[] => {
  const tag = `${'  '.repeat(depth)}${one.tag}`.padEnd(tagWidth);
  const name = one.title ?? 'unknown tag';
  const column = tagWidth + NAME_WIDTH;
  const value = one.value ?? (one.length === null ? '' : bytesText(one.length));
  const rows = chunks(value, (COLUMNS - column) & ~1);
  const paint = one.value === null ? style.dim : style.value;
  const [first = '', ...rest] = rows;
  const below = (row: string): string => ' '.repeat(column) + paint(row);
  const line = (text: string): string => style.tag(tag) + text;
  if (name.length >= NAME_WIDTH) {
    return [line(name), ...(value === '' ? [] : rows.map(below))];
  }
  const named = value === '' ? name : name.padEnd(NAME_WIDTH) + paint(first);
  return [line(named), ...rest.map(below)];
};

// A tag without a value: what the dictionary knows of it.
const factLines = ({ facts, length, value }: Explanation): string[] =>
  facts === null || length !== null || value !== null
    ? []
    : [`${facts.format}; from the ${facts.source}; ${facts.books}`].flatMap((line) =>
        wrap(line, COLUMNS - 12),
      );

const detailLines = (details: readonly Detail[], { all, style, tagWidth }: Page): string[] => {
  const shown = details.filter(({ set }) => all || set !== false);
  const width = Math.max(0, ...shown.map(({ where }) => where.length)) + 2;
  const left = ' '.repeat(tagWidth + 2);
  const indent = left + ' '.repeat(width + (all ? 2 : 0));
  return shown.flatMap(({ where, text, set }) => {
    const mark = all ? `${set === null ? ' ' : set ? '1' : '0'} ` : '';
    const paint = set === false ? style.dim : (plain: string) => plain;
    const [first = '', ...rest] = wrap(text, COLUMNS - indent.length);
    return [
      left + style.dim(where.padEnd(width) + mark) + paint(first),
      ...rest.map((line) => indent + paint(line)),
    ];
  });
};

const problemLine = (problem: Malformed, margin: number, style: Style): string =>
  ' '.repeat(margin) + style.bad(`malformed: ${describeMalformed(problem)}`);

const bytesText = (length: number): string => `${length} byte${length === 1 ? '' : 's'}`;

const chunks = (text: string, width: number): string[] =>
  text === '' ? [] : (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []);

/** At blanks; a word longer than the width is cut. */
const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => chunks(one, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
};

const sgr = (code: string) => (text: string) =>
  text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`;
const plain = (text: string): string => text;

export const colours: Style = {
  tag: sgr('1;36'),
  value: sgr('33'),
  meaning: sgr('1'),
  dim: sgr('2'),
  remark: sgr('35'),
  bad: sgr('1;31'),
};

export const colourless: Style = {
  tag: plain,
  value: plain,
  meaning: plain,
  dim: plain,
  remark: plain,
  bad: plain,
};

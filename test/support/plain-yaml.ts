/**
 * The part of YAML that docs/*.yaml keep to: block maps and lists, single quotes, lists in one
 * line, literal blocks. Anything else throws, with its line.
 */
export const parsePlainYaml = (text: string): unknown => {
  const lines = text.split('\n').map((line, index) => ({
    number: index + 1,
    indent: line.length - line.trimStart().length,
    text: line.trim(),
  }));
  const reader: Reader = { lines, at: 0 };
  const value = block(reader, 0);
  if (peek(reader) !== undefined) throw new Error(`line ${peek(reader)?.number}: what is this?`);
  return value;
};

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

interface Reader {
  readonly lines: Line[];
  at: number;
}

const peek = (reader: Reader): Line | undefined => {
  while (reader.lines[reader.at]?.text === '') reader.at += 1;
  return reader.lines[reader.at];
};

const block = (reader: Reader, indent: number): unknown =>
  peek(reader)?.text.startsWith('- ') ? list(reader, indent) : map(reader, indent);

const list = (reader: Reader, indent: number): unknown[] => {
  const items: unknown[] = [];
  for (let line = peek(reader); line?.indent === indent; line = peek(reader)) {
    if (!line.text.startsWith('- ')) break;
    const rest = line.text.slice(2);
    if (KEY.test(rest)) {
      // The item is a map whose first line stands behind the dash.
      reader.lines[reader.at] = { ...line, indent: indent + 2, text: rest };
      items.push(map(reader, indent + 2));
    } else {
      reader.at += 1;
      items.push(scalar(rest, line));
    }
  }
  return items;
};

const KEY = /^('[^']+'|[$A-Za-z/{][^\s:']*):(?: (.*))?$/;

const map = (reader: Reader, indent: number): Readonly<Record<string, unknown>> => {
  const entries: [string, unknown][] = [];
  for (let line = peek(reader); line?.indent === indent; line = peek(reader)) {
    const match = KEY.exec(line.text);
    if (match === null) throw new Error(`line ${line.number}: a key is expected`);
    const [, key = '', rest] = match;
    reader.at += 1;
    entries.push([key.replaceAll("'", ''), entryOf(reader, line, rest)]);
  }
  return Object.fromEntries(entries);
};

const entryOf = (reader: Reader, line: Line, rest: string | undefined): unknown => {
  if (rest === '|') return literal(reader, line.indent);
  if (rest !== undefined) return scalar(rest, line);
  const next = peek(reader);
  if (next === undefined || next.indent <= line.indent)
    throw new Error(`line ${line.number}: no value`);
  return block(reader, next.indent);
};

const literal = (reader: Reader, indent: number): string => {
  const taken: string[] = [];
  for (let line = reader.lines[reader.at]; line !== undefined; line = reader.lines[reader.at]) {
    if (line.text !== '' && line.indent <= indent) break;
    taken.push(line.text);
    reader.at += 1;
  }
  return taken.join('\n');
};

const scalar = (text: string, { number }: Line): unknown => {
  if (text.startsWith("'")) return text.slice(1, -1);
  if (text.startsWith('[')) {
    const inside = text.slice(1, -1).trim();
    return inside === '' ? [] : inside.split(/,\s*/);
  }
  if (/^[{&*!|>%@`"]/.test(text) || text.includes(': ') || text.includes(' #')) {
    throw new Error(`line ${number}: more YAML than we read`);
  }
  if (/^-?\d+$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
};

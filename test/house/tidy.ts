import {
  isCallExpression,
  isExpressionStatement,
  isFunctionLikeDeclaration,
  isNewExpression,
  isNumericLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { lineAt, walk } from './parse.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 70;
const MAX_COLUMNS = 100;
// A row of a table stays on its line.
const MAX_ROW_COLUMNS = 180;

/** Everything that is untidy in one file of code, a line each: "path:line what". */
export const untidyIn = (file: SourceFile, path: string): string[] => {
  const found: string[] = [];
  const say = (position: number, what: string): void => {
    found.push(`${path}:${lineAt(file.text, position)} ${what}`);
  };
  const rules = NODE_RULES.filter(({ where }) => where.test(path));
  walk(file, (node) => {
    for (const { what } of rules) {
      const problem = what(node, file);
      if (problem) say(node.getStart(file), problem);
    }
  });
  return [...found, ...untidyText(path, file.text)];
};

interface NodeRule {
  readonly where: RegExp;
  readonly what: (node: Node, file: SourceFile) => string | undefined;
}

// A page in a browser, and a till's end of the line, are their own worlds' edges: they have the
// browser's clock and no port.
const PURE = /^src\/(?!cli\/|main\.ts$|console\/page\/|till\/(?:client|page)\/)/;
const CODE = /^(src|drivers|scripts|test)\//;

const NODE_RULES: readonly NodeRule[] = [
  { where: CODE, what: (node) => (node.kind === SyntaxKind.AnyKeyword ? 'any' : undefined) },
  { where: CODE, what: (node, file) => longFunction(node, file) },
  { where: PURE, what: (node, file) => unrepeatable(node, file) },
  { where: /^test\//, what: (node, file) => named(node, file, /^Math\.random$/) },
  {
    where: /^(src\/(?!cli\/)|drivers\/(?![^/]+\/page\/))/,
    what: (node, file) => named(node, file, /^console\.\w+$/),
  },
  {
    where: /^src\/(kernels|entry-point|terminal|uplink)\//,
    what: (node) => tagLiteral(node),
  },
  {
    where: /^src\//,
    what: (node, file) => exportedSubject(node, file),
  },
  {
    where: /^test\//,
    what: (node, file) =>
      named(node, file, /^(it|test|describe|bench)\b[\w.]*\.(only|skip|todo|skipIf|runIf)$/),
  },
];

const named = (node: Node, file: SourceFile, name: RegExp): string | undefined => {
  if (!isPropertyAccessExpression(node)) return undefined;
  const text = node.getText(file);
  return name.test(text) ? text : undefined;
};

const RANDOM = 'random(Bytes|Int|UUID|Fill|FillSync)|getRandomValues|generateKey\\w*';
const UNREPEATABLE = new RegExp(
  `^(Math\\.random|Date\\.now|performance\\.\\w+|process\\.hrtime\\S*|(\\w+\\.)*(${RANDOM}))$`,
);

// What answers otherwise when asked again: these are inputs, from ports.
const unrepeatable = (node: Node, file: SourceFile): string | undefined => {
  if (isNewExpression(node) && node.expression.getText(file) === 'Date') {
    return (node.arguments ?? []).length === 0 ? 'new Date()' : undefined;
  }
  if (!isCallExpression(node)) return undefined;
  const callee = node.expression.getText(file);
  return callee === 'Date' || UNREPEATABLE.test(callee) ? `${callee}()` : undefined;
};

const longFunction = (node: Node, file: SourceFile): string | undefined => {
  if (!isFunctionLikeDeclaration(node) || isSuite(node, file)) return undefined;
  const lines = file.text.slice(node.getStart(file), node.getEnd()).split('\n').length;
  return lines > MAX_FUNCTION_LINES ? `a function of ${lines} lines` : undefined;
};

// A suite is a list of tests, not a piece of logic: what describe is given, or what calls it.
const isSuite = (node: Node, file: SourceFile): boolean =>
  startsSuite(node.parent, file) ||
  (isFunctionLikeDeclaration(node) &&
    node.body?.forEachChild(
      (statement) => isExpressionStatement(statement) && startsSuite(statement.expression, file),
    )) === true;

const startsSuite = (node: Node, file: SourceFile): boolean =>
  isCallExpression(node) && /^(describe|test|it)\b/.test(node.expression.getText(file));

// Tags of two bytes and more: 9Fxx, 5Fxx, BFxx, DFxx, DF8xxx. One byte can be anything.
const TAG = /^(0x)?(?:[59BD]F(?!8[0-9A-F]..)[0-9A-F]{2}|DF8[0-9A-F]{3})$/i;

const tagLiteral = (node: Node): string | undefined => {
  const text = isStringLiteral(node)
    ? node.text
    : isNumericLiteral(node)
      ? node.getText().replaceAll('_', '')
      : '';
  if (!TAG.test(text) || (isNumericLiteral(node) && !/^0x/i.test(text))) return undefined;
  return `the tag ${text} outside the dictionary`;
};

const exportedSubject = (node: Node, file: SourceFile): string | undefined => {
  if (node.parent?.kind !== SyntaxKind.SourceFile) return undefined;
  const head = node.getText(file).split('\n', 3).join(' ');
  return /^export (const|let|type|interface)\b[^(]*\b(Behavior|Replay|Async)?Subject\b/.test(head)
    ? 'an exported Subject'
    : undefined;
};

const LOOSE_ENDS: readonly (readonly [RegExp, string])[] = [
  [/@ts-(ignore|nocheck)/, 'a silenced compiler'],
  [/\b(FIXME|TODO)\b/, 'a loose end'],
  [/(\/\/|\/\*|^\s*\*).*\bXXX\b/, 'a loose end'],
];

const untidyText = (path: string, text: string): string[] => {
  const lines = text.replace(/\n$/, '').split('\n');
  const isTable = lines[0]?.startsWith('// table:') ?? false;
  const found: string[] = [];
  if (lines.length > MAX_FILE_LINES && !isTable) {
    found.push(`${path}:1 a file of ${lines.length} lines`);
  }
  for (const [index, line] of lines.entries()) {
    const say = (what: string): number => found.push(`${path}:${index + 1} ${what}`);
    const isRow = isTable && !/^\s*(\/\/|\/?\*)/.test(line);
    if (line.length > (isRow ? MAX_ROW_COLUMNS : MAX_COLUMNS)) say(`${line.length} columns`);
    for (const [pattern, what] of LOOSE_ENDS) if (pattern.test(line)) say(what);
  }
  return found;
};

/** Links of a Markdown text that lead nowhere; `resolve` says what a relative path leads to. */
export const brokenLinks = (
  path: string,
  text: string,
  resolve: (path: string) => { exists: boolean; text?: string },
): string[] => {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const named = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  const images = [...prose.matchAll(/(?:src|href)="([^"]+)"/g)];
  return [...inline, ...named, ...images]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const found = file === '' ? { exists: true, text } : resolve(decodeURI(file));
      if (!found.exists) return true;
      return anchor !== undefined && !slugs(found.text ?? '').has(anchor);
    })
    .map((target) => `${path} → ${target}`);
};

const slugs = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );

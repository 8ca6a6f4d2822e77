import { posix } from 'node:path';
import {
  isCallExpression,
  isExportDeclaration,
  isExternalModuleReference,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isStringLiteral,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { lineAt, walk } from './parse.ts';

export interface Import {
  readonly from: string;
  readonly line: number;
  /** As written; `undefined` when it is computed, which no test can follow. */
  readonly specifier: string | undefined;
  /** Gone when the types are stripped. */
  readonly typeOnly: boolean;
}

/** All ways in which a file brings in another: as code, as a type, at once or later. */
export const importsOf = (file: SourceFile, path: string): Import[] => {
  const found: Import[] = [];
  walk(file, (node) => {
    const use = useOf(node);
    if (use) found.push({ from: path, line: lineAt(file.text, node.getStart(file)), ...use });
  });
  return found;
};

/** The file inside the project that an import means, or the package that it names. */
export const targetOf = ({ from, specifier }: Import): { file: string } | { library: string } => {
  const name = specifier ?? '(computed)';
  if (name.startsWith('.')) return { file: posix.join(posix.dirname(from), name) };
  const [, room, rest] = /^#([^/]+)(.*)$/.exec(name) ?? [];
  if (room === 'drivers' || room === 'test') return { file: room + rest };
  if (room !== undefined) return { file: `src/${room}${rest}` };
  const scoped = name.startsWith('@') ? 2 : 1;
  return { library: name.startsWith('node:') ? name : name.split('/', scoped).join('/') };
};

type Use = Pick<Import, 'specifier' | 'typeOnly'>;

const useOf = (node: Node): Use | undefined => {
  if (isImportDeclaration(node)) {
    const typeOnly = node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
    return { specifier: literal(node.moduleSpecifier), typeOnly };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: literal(node.moduleSpecifier), typeOnly: node.isTypeOnly };
  }
  if (isExternalModuleReference(node)) {
    return { specifier: literal(node.expression), typeOnly: false };
  }
  if (isImportTypeNode(node)) {
    const argument = isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    return { specifier: literal(argument), typeOnly: true };
  }
  if (isCallExpression(node)) return loadedBy(node.expression, node.arguments[0]);
  if (isNewExpression(node)) return codeAt(node.expression, node.arguments ?? []);
  return undefined;
};

const LOADERS = /^(require(\.resolve)?|import\.meta\.resolve|process\.getBuiltinModule|import)$/;

const loadedBy = (callee: Node, argument: Node | undefined): Use | undefined =>
  LOADERS.test(callee.getText()) ? { specifier: literal(argument), typeOnly: false } : undefined;

// `new URL('./child.ts', import.meta.url)`: how a process or a worker of ours is named.
const codeAt = (callee: Node, [path, base]: readonly Node[]): Use | undefined => {
  const specifier = literal(path);
  const isCode = callee.getText() === 'URL' && base?.getText() === 'import.meta.url';
  if (!isCode || !/^\.[^?#]*\.[cm]?[jt]sx?$/.test(specifier ?? '')) return undefined;
  return { specifier, typeOnly: false };
};

const literal = (node: Node | undefined): string | undefined =>
  node && (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) ? node.text : undefined;

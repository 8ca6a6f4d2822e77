import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Import, importsOf, targetOf } from './imports.ts';
import { endParsing, filesBelow, parse, ROOT, type Texts, textOf, textsOf } from './parse.ts';
import { cyclesAmong, roomOf, roomsIn, trespasses } from './rooms.ts';

const CODE = /\.[cm]?[jt]sx?$/;

const importsIn = (texts: Texts): Import[] => parse(texts, importsOf).flat();

afterAll(endParsing);

describe('the rooms of ARCHITECTURE.md', () => {
  const rooms = roomsIn(textOf('ARCHITECTURE.md'));
  const files = [...filesBelow('src', CODE), ...filesBelow('drivers', CODE)];
  const imports = importsIn(textsOf(files));

  test('the table and the code were really read', () => {
    expect(rooms.length).toBeGreaterThan(15);
    expect(files.length).toBeGreaterThan(15);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  test('every file lies in a room', () => {
    expect(files.filter((file) => !roomOf(rooms, file))).toEqual([]);
  });

  test('every room of the table exists', () => {
    expect(rooms.map(({ path }) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual(
      [],
    );
  });

  test('no room imports what its row does not allow', () => {
    expect(trespasses(rooms, imports)).toEqual([]);
  });

  test('no file imports itself by way of others', () => {
    expect(cyclesAmong(imports)).toEqual([]);
  });
});

describe('the test of the rooms catches', () => {
  const rooms = roomsIn(
    [
      '| room | may import | libraries | what for |',
      '|---|---|---|---|',
      '| bytes | – | – | |',
      '| kernels/c2, kernels/c3 | bytes | `node:crypto` | |',
      '| ports | bytes (types only) | rxjs (types only) | |',
      '| terminal | all above | rxjs | |',
      '| `drivers/pcsc`, `drivers/tls` | ports | `node:*`, nfc-pcsc | |',
      '| main.ts | everything | everything | |',
      'not | a | row |',
    ].join('\n'),
  );
  const caught = (path: string, code: string): string[] =>
    trespasses(rooms, importsIn({ [path]: code }));

  test.each([
    ['a static import', "import { a } from '#bytes/hex.ts';\nimport { b } from '#terminal/b.ts';"],
    ['an import for its effect', "import '#terminal/b.ts';"],
    ['a type', "import type { B } from '#terminal/b.ts';"],
    ['a type in place', "let b: import('#terminal/b.ts').B;"],
    ['a dynamic import', "const b = async () => (await import('#terminal/b.ts')).b;"],
    ['a dynamic import of a template', 'await import(`#terminal/b.ts`);'],
    ['a computed import', "const n = 'b'; await import('#bytes/' + n);"],
    ['a re-export', "export { b } from '#terminal/b.ts';"],
    ['a re-export of all', "export * from '#terminal/b.ts';"],
    ['a re-export of types', "export type { B } from '#terminal/b.ts';"],
    ['require', "const b = require('#terminal/b.ts');"],
    ['import by assignment', "import b = require('#terminal/b.ts');"],
    ['getBuiltinModule', "process.getBuiltinModule('node:fs');"],
    ['a process of another room', "fork(new URL('../../terminal/b.ts', import.meta.url));"],
    ['a relative path out of the room', "import { b } from '../../terminal/b.ts';"],
    ['a relative path to a sibling kernel', "import { b } from '../c3/b.ts';"],
    ['a kernel by its name', "import { b } from '#kernels/c3/b.ts';"],
    ['a driver', "import { b } from '#drivers/pcsc/index.ts';"],
    ['a test', "import { b } from '#test/support/b.ts';"],
    ['the composition root', "import { b } from '#main.ts';"],
    ['a file outside', "import b from '../../../package.json' with { type: 'json' };"],
    ['a node module', "import { readFileSync } from 'node:fs';"],
    ['a package', "import { of } from 'rxjs';"],
    ["a package's part", "import { map } from 'rxjs/operators';"],
    ['a package with a scope', "import { x } from '@scope/name/part';"],
  ])('%s', (_, code) => {
    expect(caught('src/kernels/c2/a.ts', code)).toHaveLength(1);
  });

  test.each([
    ['a value where only types may pass', "import { of } from 'rxjs';"],
    ['values among types', "import { type Observable } from 'rxjs';"],
    ['a value of a room of types', "import { toHex } from '#bytes/hex.ts';"],
  ])('%s', (_, code) => {
    expect(caught('src/ports/a.ts', code)).toHaveLength(1);
  });

  test('a driver that imports another driver, or the loop', () => {
    expect(caught('drivers/tls/a.ts', "import { b } from '../pcsc/b.ts';")).toHaveLength(1);
    expect(caught('drivers/tls/a.ts', "import { b } from '#terminal/b.ts';")).toHaveLength(1);
  });

  test('a file in no room', () => {
    expect(caught('src/kernels/a.ts', "import { b } from './c2/b.ts';")).toHaveLength(1);
  });

  test('files that import each other', () => {
    const two = importsIn({
      'src/bytes/a.ts': "import { b } from './b.ts';",
      'src/bytes/b.ts': "export * from '#bytes/a.ts';",
      'src/bytes/c.ts': "import { a } from './a.ts';",
    });
    expect(cyclesAmong(two)).toEqual(['src/bytes/a.ts → src/bytes/b.ts → src/bytes/a.ts']);
  });

  test('and nothing else', () => {
    const good = [
      "// import { x } from '#terminal/x.ts';",
      'const text = "import { x } from \'#terminal/x.ts\'";',
      "const pattern = /import('rxjs')/;",
      "import { a } from '#bytes/hex.ts';",
      "import { b } from './b.ts';",
      "import { c } from '../c2/c.ts';",
      "import { createHash } from 'node:crypto';",
    ].join('\n');
    expect(caught('src/kernels/c2/a.ts', good)).toEqual([]);
    expect(caught('src/ports/a.ts', "import type { Observable } from 'rxjs';")).toEqual([]);
    expect(caught('src/main.ts', "import '#drivers/pcsc/index.ts'; import 'x';")).toEqual([]);
    expect(caught('drivers/pcsc/a.ts', "import 'node:net'; import 'nfc-pcsc';")).toEqual([]);
  });

  test('a name with # as the file that package.json means', () => {
    const one = (specifier: string): Import => ({
      from: 'src/tlv/a.ts',
      line: 1,
      specifier,
      typeOnly: false,
    });
    expect(targetOf(one('#tlv/tlv.ts'))).toEqual({ file: 'src/tlv/tlv.ts' });
    expect(targetOf(one('#drivers/tls/index.ts'))).toEqual({ file: 'drivers/tls/index.ts' });
    expect(targetOf(one('../../drivers/tls/index.ts'))).toEqual({ file: 'drivers/tls/index.ts' });
  });
});

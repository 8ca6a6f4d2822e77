import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { endParsing, filesBelow, parse, ROOT, textOf, textsOf } from './parse.ts';
import { brokenLinks, untidyIn } from './tidy.ts';

const CODE = /\.[cm]?[jt]sx?$/;

// The samples below, and the rules' own words, would be found.
const isHouse = (path: string): boolean => path.startsWith('test/house/');

afterAll(endParsing);

describe('the house is tidy', () => {
  const files = ['src', 'drivers', 'scripts', 'test'].flatMap((folder) => filesBelow(folder, CODE));
  const documents = filesBelow('.', /\.md$/);

  test('code and documents were really read', () => {
    for (const folder of ['src', 'drivers', 'scripts', 'test']) {
      expect(files.some((file) => file.startsWith(`${folder}/`))).toBe(true);
    }
    expect(documents).toContain('ARCHITECTURE.md');
  });

  test('no file breaks a rule of style that a machine can see', () => {
    const texts = textsOf(files.filter((file) => !isHouse(file)));
    expect(parse(texts, untidyIn).flat()).toEqual([]);
    // Each file is parsed; a busy machine takes its time.
  }, 60_000);

  test('the house tests keep its sizes', () => {
    const untidy = parse(textsOf(files.filter(isHouse)), untidyIn).flat();
    expect(untidy.filter((line) => / (columns|lines)$/.test(line))).toEqual([]);
  });

  test('tests lie in test/, and nowhere else', () => {
    const strays = files.filter((file) => /[._-](test|spec)\.[jt]sx?$/.test(file));
    expect(strays.filter((file) => !file.startsWith('test/'))).toEqual([]);
  });

  test('every driver says what it gives and what it is', () => {
    const drivers = readdirSync(join(ROOT, 'drivers'));
    const wanted = drivers.flatMap((name) => [
      `drivers/${name}/index.ts`,
      `drivers/${name}/README.md`,
    ]);
    expect(drivers.length).toBeGreaterThan(3);
    expect(wanted.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('every link in a document leads somewhere', () => {
    const broken = documents.flatMap((path) =>
      brokenLinks(path, textOf(path), (target) => {
        const full = join(ROOT, target.startsWith('/') ? target : join(dirname(path), target));
        const exists = existsSync(full);
        return exists && statSync(full).isFile()
          ? { exists, text: textOf(full.slice(ROOT.length + 1)) }
          : { exists };
      }),
    );
    expect(broken).toEqual([]);
  });

  test('every mention of a file in docs/ is of one that exists', () => {
    const mentions = [...documents, ...files.filter((file) => !isHouse(file))].flatMap((path) =>
      [...textOf(path).matchAll(/(?<![\w/.-])docs\/[\w/-]+(?:\.\w+)+/g)].map(([name]) => ({
        path,
        name,
      })),
    );
    expect(mentions.filter(({ name }) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  test('the licence is Apache 2.0, in word and in text', () => {
    expect(JSON.parse(textOf('package.json')).license).toBe('Apache-2.0');
    expect(textOf('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  });
});

describe('the tidy test catches', () => {
  const caught = (path: string, text: string): string[] => parse({ [path]: text }, untidyIn).flat();
  const lines = (count: number, line: string): string => `${line}\n`.repeat(count);

  test.each([
    ['a file that is too long', 'src/tlv/a.ts', lines(401, ';')],
    ['an arrow function that is too long', 'src/tlv/a.ts', `f(() => {\n${lines(70, ';')}});`],
    ['a method that is too long', 'src/tlv/a.ts', `class A { m(): {} {\n${lines(70, ';')}} }`],
    ['a generator that is too long', 'drivers/a/b.ts', `function* a() {\n${lines(70, ';')}}`],
    ['a line that is too wide', 'src/tlv/a.ts', `const a = ${'1 + '.repeat(30)}1;`],
    ['a comment that is too wide', 'src/data/a.ts', `// table: a\n// ${'long '.repeat(25)}`],
    ['a row that is too wide', 'src/data/a.ts', `// table: a\n${'[1],'.repeat(46)}`],
    ['any', 'test/a.ts', 'const a = (b: any) => b;'],
    ['any, deep inside', 'drivers/a/b.ts', 'type A = Map<string, readonly any[]>;'],
    ['Math.random', 'src/crypto/a.ts', 'const a = Math.random();'],
    ['Math.random in a test', 'test/a.ts', 'const a = Math.random();'],
    ['Date.now', 'src/terminal/a.ts', 'const a = Date.now();'],
    ['the date of now', 'src/terminal/a.ts', 'const a = new Date();'],
    ['the monotonic clock', 'src/uplink/a.ts', 'const a = performance.now();'],
    ['the process clock', 'src/uplink/a.ts', 'const a = process.hrtime.bigint();'],
    ['random bytes', 'src/crypto/a.ts', 'const a = randomBytes(4);'],
    ['random values', 'src/crypto/a.ts', 'globalThis.crypto.getRandomValues(a);'],
    ['the console', 'src/terminal/a.ts', "console.log('a');"],
    ['the console in a driver', 'drivers/tls/a.ts', "console.error('a');"],
    ['a loose end', 'scripts/a.ts', '// TODO: later'],
    ['a loose end, marked otherwise', 'scripts/a.ts', '/* XXX later */'],
    ['a silenced compiler', 'src/tlv/a.ts', '// @ts-ignore'],
    ['a tag as text', 'src/kernels/c2/a.ts', "get('9F26');"],
    ['a tag as a number', 'src/entry-point/a.ts', 'get(0x9f_26);'],
    ['a tag of three bytes', 'src/kernels/c2/a.ts', "get('DF8129');"],
    ['an exported Subject', 'src/terminal/a.ts', 'export const a$ = new BehaviorSubject(1);'],
    ['a test that is passed over', 'test/a.ts', "test.skip('a', () => {});"],
    ['a test that is passed over by chance', 'test/a.ts', "test.skipIf(a)('a', () => {});"],
    ['a test that shuts out others', 'test/a.ts', "describe.concurrent.only('a', () => {});"],
    ['a test to be written', 'test/a.ts', "it.todo('a');"],
  ])('%s', (_, path, text) => {
    expect(caught(path, text)).toHaveLength(1);
  });

  test.each([
    ['a long table', 'src/data/a.ts', `// table: of nothing\n${lines(500, ';')}`],
    ['a wide row of a table', 'src/data/a.ts', `// table: a\n['a', '${'long '.repeat(25)}'],`],
    ['a long suite', 'test/a.ts', `describe('a', () => {\n${lines(99, ';')}});`],
    ['a suite for several', 'test/a.ts', `f(() => {\ntest('a', b);\n${lines(99, ';')}});`],
    ['a function of 70 lines', 'src/tlv/a.ts', `f(() => {\n${lines(68, ';')}});`],
    ['a date that is given', 'src/terminal/a.ts', 'const a = new Date(wallMs);'],
    ['a clock in a driver', 'drivers/pcsc/a.ts', 'const a = performance.now();'],
    ['a clock in the composition root', 'src/main.ts', 'const a = Date.now();'],
    ['a clock in a page', 'src/console/page/a.ts', 'const a = Date.now();'],
    ['the console of the command line', 'src/cli/a.ts', "console.log('a');"],
    ['the console of a page', 'drivers/kiosk/page/a.ts', "console.log('a');"],
    ['words in text and comments', 'src/tlv/a.ts', "// Date.now() of any kind\nf('any');"],
    ['any of several promises', 'src/tlv/a.ts', 'Promise.any([]);'],
    ['no currency', 'src/data/a.ts', "const a = 'XXX';"],
    ['a status word', 'src/kernels/c2/a.ts', 'const a = 0x6985;'],
    ['a tag in the dictionary', 'src/data/a.ts', "row('9F26');"],
    ['a Subject of its own', 'src/terminal/a.ts', 'const a = new Subject();'],
  ])('but not %s', (_, path, text) => {
    expect(caught(path, text)).toEqual([]);
  });

  test('links that lead nowhere', () => {
    const text = [
      '# Head line',
      '[a](there.md) [b](gone.md) [c](#head-line) [d](#gone) [e](there.md#part) [f](https://x.y)',
      '![g](gone.png) `[h](code.md)` <img src="gone.svg">',
      '[i]: gone-too.md',
    ].join('\n');
    const resolve = (path: string) => ({ exists: path === 'there.md', text: '## Part' });
    expect(brokenLinks('a.md', text, resolve)).toEqual(
      ['gone.md', '#gone', 'gone.png', 'gone-too.md', 'gone.svg'].map((to) => `a.md → ${to}`),
    );
  });
});

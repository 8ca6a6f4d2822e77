import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { parseTranscript, type Transcript } from '#transcript/index.ts';

const HEAD = `config: base
clock: 2026-01-31T12:00:00Z
random: ABABABAB
transaction: type=00 amount=200 other=0 currency=0840
`;

const good = (text: string): Transcript => {
  const transcript = parseTranscript(text);
  if (isMalformed(transcript)) throw new Error(`${transcript.path}: ${transcript.problem}`);
  return transcript;
};

test('a transcript is read: header, exchanges, what came out', () => {
  const text = `# Visa, phone, online
config: base                      # a configuration set under config/, or a path
clock: 2026-01-31T12:00:00Z
random: ABABABAB
transaction: type=00 amount=200 other=0 currency=0840
set 9F66: 24004000                # optional overrides of configuration data
capk A000000003 92: e=03 n=996AF5 # optional extra public keys
capk A000000004 FE: e=010001 n=A0 expires=2030-12-31

> 00A404000E325041592E5359532E444446303100
< 6F00 9000 @5200us           # the time the card took
   # indented
> 80A80000
! timeout                     # instead of an answer
= onlineRequest cvm=noCvm     # the outcome
= 9F26 20261203C3227D26
= 9F5D
`;
  expect(good(text)).toEqual({
    about: ['Visa, phone, online'],
    config: 'base',
    clock: '2026-01-31T12:00:00Z',
    random: hex('ABABABAB'),
    transaction: { type: 0, amountAuthorised: 200, amountOther: 0, currency: 840 },
    overrides: new Map([[0x9f66, hex('24004000')]]),
    keys: [
      { rid: hex('A000000003'), index: 0x92, exponent: 3, modulus: hex('996AF5') },
      {
        rid: hex('A000000004'),
        index: 0xfe,
        exponent: 65537,
        modulus: hex('A0'),
        expires: '2030-12-31',
      },
    ],
    exchanges: [
      {
        command: hex('00A404000E325041592E5359532E444446303100'),
        response: hex('6F009000'),
        microseconds: 5200,
      },
      { command: hex('80A80000'), fault: 'timeout' },
    ],
    expectations: [
      { outcome: 'onlineRequest', parameters: [['cvm', 'noCvm']] },
      { tag: 0x9f26, value: hex('20261203C3227D26') },
      { tag: 0x9f5d, value: hex('') },
    ],
  });
});

test.each(['timeout', 'transmission', 'protocol', 'removed'])('a fault can be %s', (fault) => {
  expect(good(`${HEAD}> 00A40400\n! ${fault}\n`).exchanges[0]).toMatchObject({ fault });
});

test('lines may end as they do elsewhere', () => {
  expect(good(HEAD.replaceAll('\n', '\r\n')).config).toBe('base');
});

test('the other amount may be left out, and the order of the transaction is free', () => {
  const { transaction } = good(
    HEAD.replace('type=00 amount=200 other=0 currency=0840', 'currency=978 amount=5 type=20'),
  );
  expect(transaction).toEqual({ type: 0x20, amountAuthorised: 5, amountOther: 0, currency: 978 });
});

describe('what is malformed names its line', () => {
  test.each<[problem: string, line: number, text: string]>([
    ['a word without meaning', 5, 'hello'],
    ['a header that there is not', 5, 'card: visa'],
    ['a header that all objects have', 5, 'constructor: x'],
    ['a header that stands twice', 5, 'config: base'],
    ['a header behind the exchanges', 7, '> 00A40400\n< 9000\nset 9F66: 24004000'],
    ['a command that is no hexadecimal', 5, '> 00A4040G'],
    ['a command of three bytes', 5, '> 00A404'],
    ['an answer before a command', 5, '< 9000'],
    ['a fault before a command', 5, '! timeout'],
    ['two commands in a row', 6, '> 00A40400\n> 00A40400'],
    ['a command at the end', 5, '> 00A40400'],
    ['an answer of one byte', 6, '> 00A40400\n< 90'],
    ['an answer of half a byte', 6, '> 00A40400\n< 90000'],
    ['an answer with a time in seconds', 6, '> 00A40400\n< 9000 @5s'],
    ['a fault that there is not', 6, '> 00A40400\n! tired'],
    ['an override without tag', 5, 'set: 00'],
    ['an override of no tag', 5, 'set 9F: 00'],
    ['an override of two tags', 5, 'set 9F66 9F1A: 00'],
    ['an override that is no hexadecimal', 5, 'set 9F66: 2400400'],
    ['an override that stands twice', 6, 'set 9F66: 00\nset 9F66: 00'],
    ['a key without index', 5, 'capk A000000003: e=03 n=AB'],
    ['a key with a short RID', 5, 'capk A0000003 92: e=03 n=AB'],
    ['a key without modulus', 5, 'capk A000000003 92: e=03'],
    ['a key with another exponent', 5, 'capk A000000003 92: e=05 n=AB'],
    ['a key with more', 5, 'capk A000000003 92: e=03 n=AB x=1'],
    ['a key that expires on no day', 5, 'capk A000000003 92: e=03 n=AB expires=2030-02-30'],
    ["a host's answer that is no TLV", 5, 'host: 91'],
    ['an outcome that there is not', 5, '= happy'],
    ['an outcome with a word', 5, '= approved quickly'],
    ['an outcome with a parameter that there is not', 5, '= approved speed=high'],
    ['an outcome with a parameter twice', 5, '= approved cvm=noCvm cvm=none'],
    ['a data element that is no hexadecimal', 5, '= 9F26 XY'],
    ['nothing that is to come out', 5, '='],
  ])('%s', (_, line, text) => {
    const transcript = parseTranscript(`${HEAD}${text}\n`);
    expect(isMalformed(transcript) && transcript.path).toEqual([`line ${line}`]);
  });

  test.each([
    ['clock: 2026-02-30T12:00:00Z', 'clock'],
    ['clock: noon', 'clock'],
    ['random: ', 'random'],
    ['random: XY', 'random'],
    ['transaction: type=00 amount=200', 'transaction'],
    ['transaction: type=00 amount=-1 currency=0840', 'transaction'],
    ['transaction: type=00 amount=1000000000000 currency=0840', 'transaction'],
    ['transaction: type=0 amount=1 currency=0840', 'transaction'],
    ['transaction: type=00 amount=1 currency=USD', 'transaction'],
    ['transaction: type=00 amount=1 currency=0840 tip=1', 'transaction'],
    ['transaction: type=00 amount=1 amount=2 currency=0840', 'transaction'],
    ['config:', 'config'],
  ])('%s', (line, name) => {
    const lines = HEAD.split('\n').map((one) => (one.startsWith(`${name}:`) ? line : one));
    const transcript = parseTranscript(lines.join('\n'));
    const at = lines.indexOf(line) + 1;
    expect(isMalformed(transcript) && transcript.path).toEqual([`line ${at}`]);
  });

  test.each(['config', 'clock', 'random', 'transaction'])('a header without %s', (name) => {
    const text = HEAD.split('\n').filter((line) => !line.startsWith(`${name}:`));
    const transcript = parseTranscript(text.join('\n'));
    expect(isMalformed(transcript) && transcript.problem).toContain(`"${name}"`);
  });

  test('an empty file', () => {
    expect(isMalformed(parseTranscript(''))).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { tap, tlvs, why } from './support.ts';

const APPLICATION_BLOCK = '841E000008AABBCCDDEEFF0011';
const PUT_DATA = '04DA9F580501AABBCCDD';

const script = (template: '71' | '72', id: string | undefined, ...commands: readonly string[]) =>
  toHex(
    tlvs({
      [template]:
        toHex(tlvs({ '9F18': id })) + commands.map((one) => toHex(tlvs({ '86': one }))).join(''),
    }),
  );

/** Answers the commands in turn, then 9000. */
const deliver = (issuerData: string, ...answers: readonly string[]) => {
  const { result, commands, ui } = tap((_, index) => hex(answers[index] ?? '9000'), { issuerData });
  const scriptResults = toHex(result.report?.issuerScriptResults ?? new Uint8Array(0));
  return { result, commands, ui, scriptResults };
};

const allNone = {
  outcome: 'endApplication',
  start: 'none',
  onlineResponseType: 'none',
  cvm: 'none',
  uiOnOutcome: null,
  uiOnRestart: null,
  dataRecord: [],
  discretionaryData: [],
  alternateInterface: 'none',
  receipt: false,
  fieldOffMs: null,
  removalTimeoutMs: 0,
};

describe('issuer update', () => {
  it.each(['9000', '6300', '6985'])(
    '[C-3 5.9-1] hands the issuer’s authentication data over, whatever the card answers (%s)',
    (status) => {
      const { commands, result } = deliver('910A 1122334455667788 3030', status);
      expect(commands).toEqual(['008200000A11223344556677883030']);
      expect(result).toMatchObject(allNone);
    },
  );

  it('[C-3 5.9-1] sends no authentication data that is too short or too long to be any', () => {
    expect(deliver('9107 11223344556677').commands).toEqual([]);
    expect(deliver(`9111 ${'11'.repeat(17)}`).commands).toEqual([]);
  });

  it('[C-3 5.9-2] sends the commands of both templates, as the issuer ordered them', () => {
    const first = script('72', '00000001', PUT_DATA, APPLICATION_BLOCK);
    const second = script('71', '00000002', PUT_DATA);
    const { commands, scriptResults } = deliver(`${first}910811223344556677 88${second}`);
    expect(commands).toEqual(['00820000081122334455667788', PUT_DATA, APPLICATION_BLOCK, PUT_DATA]);
    expect(scriptResults).toBe('2000000001' + '2000000002');
  });

  it.each(['6200', '62F1', '6300', '63C3'])(
    '[C-3 5.9-3] goes on after a warning (%s)',
    (warning) => {
      const data = script('71', '00000001', PUT_DATA, APPLICATION_BLOCK);
      const { commands, scriptResults } = deliver(data, warning);
      expect(commands).toHaveLength(2);
      expect(scriptResults).toBe('2000000001');
    },
  );

  it.each(['6985', '6A80', '6100', '6400'])(
    '[C-3 5.9-3] stops everything at the first command that fails (%s)',
    (status) => {
      const data =
        script('71', '00000001', PUT_DATA, PUT_DATA, PUT_DATA) +
        script('72', '00000002', APPLICATION_BLOCK);
      const { commands, scriptResults, result } = deliver(data, '9000', status);
      expect(commands).toEqual([PUT_DATA, PUT_DATA]);
      expect(scriptResults).toBe('1200000001' + '0000000002');
      expect(result).toMatchObject(allNone);
      expect(why(result)).toContain(status);
    },
  );

  it('[C-3 5.9-3] stops everything at a script that is no TLV', () => {
    const { commands, scriptResults } = deliver(
      `71058609AABBCC${script('72', '00000002', PUT_DATA)}`,
    );
    expect(commands).toEqual([]);
    expect(scriptResults).toBe('0000000000' + '0000000002');
  });

  it('[C-3 5.9-4] reports the fifteenth command and every later one as F', () => {
    const commands = Array.from({ length: 16 }, () => PUT_DATA);
    const statuses = [...Array.from({ length: 15 }, () => '9000'), '6A80'];
    expect(deliver(script('71', '00000001', ...commands), ...statuses).scriptResults).toBe(
      '1F00000001',
    );
  });

  it('[C-3 5.9-4] reports a script without identifier as zeros, one without commands as 0', () => {
    expect(deliver(script('71', undefined, PUT_DATA)).scriptResults).toBe('2000000000');
    expect(deliver(script('71', '0A0B0C0D')).scriptResults).toBe('000A0B0C0D');
  });

  it('[C-3 5.9-4] counts what is no command as one that failed', () => {
    const { commands, scriptResults } = deliver(script('71', '00000001', '840000'));
    expect(commands).toEqual([]);
    expect(scriptResults).toBe('1100000001');
  });

  it('[C-3 5.9-5] ends without a word to shopper or cashier: the host has decided', () => {
    const { result, ui } = deliver(script('71', '00000001', PUT_DATA), '6A80');
    expect(result).toMatchObject(allNone);
    expect(ui).toEqual([]);
    expect(toHex(result.report?.tvr ?? new Uint8Array(0))).toBe('0000000000');
  });

  it.each(['71058603', '7203860400', '91'])(
    '[C-3 5.9-6] ends without a command for issuer data that is no TLV (%s)',
    (data) => {
      const { result, commands } = deliver(data);
      expect(commands).toEqual([]);
      expect(result).toMatchObject(allNone);
    },
  );

  it.each([0, 1])(
    '[C-3 5.9-7] asks for the card again after a Level 1 error (command %i)',
    (at) => {
      const issuerData = `91081122334455667788${script('71', '00000001', PUT_DATA)}`;
      const { result } = tap((_, index) => (index === at ? 'timeout' : hex('9000')), {
        issuerData,
      });
      expect(result).toMatchObject({ ...allNone, outcome: 'tryAgain', start: 'B' });
    },
  );
});

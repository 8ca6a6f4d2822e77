import { describe, expect, it } from 'vitest';
import {
  CHIP,
  DECLINED,
  LENIENT,
  type Objects,
  ONLINE,
  OVER,
  PHONE,
  plainTap,
  SEE_PHONE,
  WITH_CONTACT,
} from './support.ts';

const NO_AMOUNTS = '0000000000000000';
const ALL = `${NO_AMOUNTS}410342035E031F03`;

interface Case {
  readonly list?: string | undefined;
  readonly aip?: string;
  /** Mobile CVM Results (9F71). */
  readonly phone?: string;
  readonly terminal?: Objects;
  readonly over?: boolean;
  readonly restart?: boolean;
  readonly record?: Objects;
}

const verify = ({ list = ALL, aip, phone, terminal, over = true, restart, record }: Case) =>
  plainTap(
    {
      gpo: {
        ...(aip === undefined ? {} : { '82': aip }),
        ...(phone === undefined ? {} : { '9F71': phone }),
      },
      record: { '8E': list, ...record },
    },
    {
      preprocessing: over ? OVER : {},
      ...(terminal === undefined ? {} : { terminal }),
      ...(restart === true ? { more: { restart } } : {}),
    },
  );

/** CVM Results, TVR byte 3, outcome's CVM. */
const told = (tap: ReturnType<typeof verify>) =>
  `${tap.cvmResults} ${tap.tvr.slice(4, 6)} ${tap.result.cvm}`;

describe('over the CVM required limit', () => {
  it('[C-4 CVM-1] the list is walked: what the reader does not do is passed over', () => {
    expect(told(verify({}))).toBe('420300 04 onlinePin');
    expect(told(verify({ terminal: { '9F6E': '18A00003' } }))).toBe('5E0300 00 obtainSignature');
  });

  it('[C-4 CVM-2] "no CVM" does not count', () => {
    expect(told(verify({ list: `${NO_AMOUNTS}1F00` }))).toBe('3F0001 80 noCvm');
    expect(told(verify({ list: `${NO_AMOUNTS}5F001E00` }))).toBe('1E0000 00 obtainSignature');
    expect(told(verify({ list: `${NO_AMOUNTS}1F03` }))).toBe('3F0001 80 noCvm');
  });

  it('[C-4 CVM-3] without a list data is missing, and nothing was verified', () => {
    for (const list of [undefined, NO_AMOUNTS] as const) {
      const tap = plainTap({ record: { '8E': list } }, { preprocessing: OVER });
      expect(tap.cvmResults).toBe('3F0000');
      expect(tap.tvr).toBe('A000000000');
    }
  });

  it('[C-4 CVM-4] a card that verifies nobody has nothing in common', () => {
    expect(told(verify({ aip: '0880' }))).toBe('3F0001 80 noCvm');
    expect(verify({ aip: '0880', terminal: WITH_CONTACT }).result).toMatchObject(CHIP);
  });

  it('[C-4 CVM-4] nor has one whose methods no reader does here', () => {
    const list = `${NO_AMOUNTS}44030500`;
    expect(told(verify({ list }))).toBe('3F0001 80 noCvm');
    const { result, commands } = verify({ list, terminal: WITH_CONTACT });
    expect(result).toMatchObject(CHIP);
    expect(commands.some((command) => command.startsWith('80AE'))).toBe(false);
  });

  it('[C-4 CVM-5] a method nobody knows is noted, and the next one is tried if it may be', () => {
    expect(told(verify({ list: `${NO_AMOUNTS}4A004200` }))).toBe('420000 44 onlinePin');
    expect(told(verify({ list: `${NO_AMOUNTS}0A004200` }))).toBe('3F0001 C0 noCvm');
  });

  it('[C-4 CVM-6] "fail" fails', () => {
    const { result } = verify({ list: `${NO_AMOUNTS}0000`, terminal: WITH_CONTACT });
    expect(result).toMatchObject(ONLINE);
    expect(told(verify({ list: `${NO_AMOUNTS}00004200` }))).toBe('000001 80 noCvm');
  });

  it('[C-4 CVM-7] online PIN only where the acquirer takes it, and it is in the TVR', () => {
    expect(told(verify({ list: `${NO_AMOUNTS}0200` }))).toBe('020000 04 onlinePin');
    const terminal = { '9F6E': '18A00003' };
    expect(told(verify({ list: `${NO_AMOUNTS}0200`, terminal }))).toBe('3F0001 80 noCvm');
  });

  it('[C-4 CVM-8] conditions are those of Book 3', () => {
    const amounts = '000007D000001388';
    // 12.50 is under X (20.00), and under Y (50.00).
    expect(told(verify({ list: `${amounts}42061E00` }))).toBe('420600 04 onlinePin');
    expect(told(verify({ list: `${amounts}42071E00` }))).toBe('1E0000 00 obtainSignature');
    expect(told(verify({ list: `${amounts}42081E00` }))).toBe('420800 04 onlinePin');
    expect(told(verify({ list: `${amounts}42061E00`, record: { '9F42': '0826' } }))).toBe(
      '1E0000 00 obtainSignature',
    );
  });
});

describe('a phone', () => {
  const LIST = `${NO_AMOUNTS}410042001F03`;

  it('[C-4 MOBILE-1] that has verified its owner is believed', () => {
    expect(told(verify({ list: LIST, aip: PHONE, phone: '010302' }))).toBe(
      '410002 00 confirmationCodeVerified',
    );
  });

  it('[C-4 MOBILE-2] whose reader takes no word of phones is not', () => {
    const terminal = { '9F6E': '18600003' };
    expect(told(verify({ list: LIST, aip: PHONE, phone: '010302', terminal }))).toBe(
      '420000 04 onlinePin',
    );
  });

  it('[C-4 MOBILE-3] without results, or blocked, leads to the next rule', () => {
    expect(told(verify({ list: LIST, aip: PHONE }))).toBe('420000 04 onlinePin');
    expect(told(verify({ list: LIST, aip: PHONE, phone: '010303' }))).toBe('420000 24 onlinePin');
    // Only a phone's try counter is a phone's.
    expect(told(verify({ list: LIST, phone: '010303' }))).toBe('420000 04 onlinePin');
  });

  it.each(['3F0000', '010300', '010301', '3F0301', '000000'])(
    '[C-4 MOBILE-4] that says %s is to be looked at, once',
    (phone) => {
      const first = verify({ list: LIST, aip: PHONE, phone });
      expect(first.result).toMatchObject(SEE_PHONE);
      expect(first.commands.some((command) => command.startsWith('80AE'))).toBe(false);
      expect(told(verify({ list: LIST, aip: PHONE, phone, restart: true }))).toBe(
        '420000 04 onlinePin',
      );
    },
  );

  it('[C-4 MOBILE-5] that fails after the restart, with no other rule, has failed', () => {
    const list = `${NO_AMOUNTS}0100`;
    expect(told(verify({ list, aip: PHONE, phone: '010301', restart: true }))).toBe(
      '010001 80 noCvm',
    );
  });

  it('[C-4 MOBILE-6] that failed is to be looked at under the limit, too, once', () => {
    const failed = { list: LIST, aip: PHONE, phone: '010001', over: false };
    expect(verify(failed).result).toMatchObject(SEE_PHONE);
    expect(told(verify({ ...failed, restart: true }))).toBe('1F0302 00 noCvm');
    expect(verify({ ...failed, phone: '3F0000' }).result).toMatchObject(ONLINE);
    expect(verify({ ...failed, aip: '1880' }).result).toMatchObject(ONLINE);
  });
});

describe('under the CVM required limit', () => {
  it('[C-4 CVM-9] "no CVM" is enough wherever it stands', () => {
    expect(told(verify({ over: false }))).toBe('1F0302 00 noCvm');
    expect(told(verify({ over: false, list: `${NO_AMOUNTS}1E001F00` }))).toBe('1F0002 00 noCvm');
  });

  it('[C-4 CVM-9] if its condition is met', () => {
    expect(told(verify({ over: false, list: `${NO_AMOUNTS}5E001F04` }))).toBe(
      '5E0000 00 obtainSignature',
    );
  });

  it('[C-4 CVM-10] else the list is walked; what fails goes into the TVR', () => {
    expect(told(verify({ over: false, list: `${NO_AMOUNTS}0200` }))).toBe('020000 04 onlinePin');
    const none = verify({ over: false, list: `${NO_AMOUNTS}0500`, terminal: WITH_CONTACT });
    expect(told(none)).toBe('3F0001 80 noCvm');
    expect(none.result).toMatchObject(ONLINE);
  });

  it('[C-4 CVM-11] without a list data is missing; a card that verifies nobody need not', () => {
    const tap = plainTap({ record: { '8E': undefined } });
    expect(`${tap.cvmResults} ${tap.tvr}`).toBe('3F0000 A000000000');
    expect(told(verify({ over: false, aip: '0880' }))).toBe('3F0000 00 noCvm');
  });

  it('[C-4 CVM-12] only an outcome that pays says how the holder is verified', () => {
    const declined = plainTap(
      { cryptogram: { '9F27': '00' } },
      { preprocessing: OVER, terminal: LENIENT },
    );
    expect(declined.result).toMatchObject({ ...DECLINED, cvm: 'none' });
  });
});

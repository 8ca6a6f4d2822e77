import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { kernel6 } from '#kernels/c6/kernel.ts';
import { always, answer, cardOf, tlvs, why } from '#test/kernels/c3/support.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { AID, fciOf, kernelInput, ONLINE, onlineCard, PDOL, tap, tvrOf } from './support.ts';

const nothingElse = {
  onlineResponseType: 'none',
  cvm: 'none',
  dataRecord: [],
  discretionaryData: [],
  receipt: false,
  removalTimeoutMs: 0,
};

const ended = {
  ...nothingElse,
  outcome: 'endApplication',
  start: 'none',
  uiOnOutcome: { messageId: '1C', status: 'processingError' },
  uiOnRestart: null,
  alternateInterface: 'none',
  fieldOffMs: null,
};

const other = {
  ...nothingElse,
  outcome: 'tryAnotherInterface',
  start: 'none',
  uiOnOutcome: { messageId: '18', status: 'readyToRead' },
};

describe('the answer to SELECT', () => {
  it.each([
    ['without 84', encodeTlv(0x6f, encodeTlv(0xa5, tlvs({ '50': '44', '9F38': PDOL })))],
    ['without A5', encodeTlv(0x6f, encodeTlv(0x84, AID))],
    ['without a label in A5', fciOf({ '9F38': PDOL })],
    ['without a PDOL in A5', fciOf({ '50': '44' })],
    ['with the PDOL in BF0C only', fciOf({ '50': '44', BF0C: `9F38${'16'}${PDOL}` })],
    ['that is no TLV', hex('6F05A503')],
  ])('[C-6 FCI-1] %s asks for another interface', (_, fci) => {
    const { result, commands } = tap(onlineCard(), { fci });
    expect(result).toMatchObject({ ...other, alternateInterface: 'none' });
    expect(commands).toEqual([]);
  });

  it.each([
    ['lacks an element', PDOL.replace('9F3704', '')],
    ['wants another length', PDOL.replace('9F0206', '9F0205')],
    ['ends inside an entry', `${PDOL}9F`],
    ['wants more than a command holds', `${PDOL}9F4EFC`],
  ])('[C-6 PDOL-1] whose PDOL %s: another interface, or the end', (_, pdol) => {
    const fci = fciOf({ '50': '44', '9F38': pdol });
    expect(tap(onlineCard(), { fci }).result).toMatchObject(ended);
    const withSlot = tap(onlineCard(), { fci, ttq: '30004000' });
    expect(withSlot.result).toMatchObject({ ...other, alternateInterface: 'contactChip' });
    expect(withSlot.commands).toEqual([]);
  });

  it('[C-6 PDOL-2] may want more: what is unknown is zeros', () => {
    const fci = fciOf({ '50': '44', '9F38': `${PDOL}DF0102` });
    const values = '20004000' + '000000001250' + '000000000000' + '0840' + '0840';
    expect(tap(onlineCard(), { fci }).commands).toEqual([
      `80A8000020831E${values}26061500C0FFEE01000000`,
    ]);
  });
});

describe('the reader’s qualifiers', () => {
  it('[C-6 TTQ-1] go out as Entry Point set them, without magnetic-stripe mode', () => {
    expect(tap(onlineCard(), { ttq: 'A6C0C000' }).commands[0]).toContain('831C26C0C000');
  });

  it('[C-6 TTQ-2] ask for an online cryptogram where authorisation is deferred', () => {
    const options = { deferredAuthorisation: true };
    expect(tap(onlineCard(), { options }).commands[0]).toContain('831C20804000');
  });
});

describe('GET PROCESSING OPTIONS', () => {
  it('[C-6 GPO-1] refused with 6984 asks for another interface, whatever there is', () => {
    const refused = (ttq: string, capabilities: string) =>
      tap(always('6984'), { ttq, terminal: { '9F33': capabilities } }).result;
    expect(refused('20004000', '0028C8')).toMatchObject({ ...other, alternateInterface: 'none' });
    expect(refused('30004000', '0028C8')).toMatchObject({ alternateInterface: 'contactChip' });
    expect(refused('20004000', '4028C8')).toMatchObject({ alternateInterface: 'magneticStripe' });
    expect(refused('30004000', '4028C8')).toMatchObject({ alternateInterface: 'both' });
  });

  it.each(['6986', '6987'])(
    '[C-6 GPO-2] refused with %s sends the shopper to the phone and waits for it',
    (status) => {
      expect(tap(always(status)).result).toMatchObject({
        ...nothingElse,
        outcome: 'tryAgain',
        start: 'B',
        uiOnOutcome: { messageId: '20', status: 'processingError', holdMs: 1300 },
        uiOnRestart: { messageId: null, status: 'readyToRead' },
        fieldOffMs: 1300,
      });
    },
  );

  it.each(['6985', '6283', '6700', '6A81', '6F00'])(
    '[C-6 GPO-3] refused with %s ends the application, also beside a slot',
    (status) => {
      expect(tap(always(status), { ttq: '30004000' }).result).toMatchObject(ended);
    },
  );

  it.each<readonly [string, Uint8Array]>([
    ['format 1', hex('8006 0000 08010100 9000')],
    ['nothing', hex('9000')],
    ['something after 77', hex('7700 5000 9000')],
    ['an object that runs past its end', hex('7703 82 05 20 9000')],
    ...['82', '9F36', '9F10', '9F27', '9F71'].map(
      (tag) => [`no ${tag}`, answer(0x77, { ...ONLINE, [tag]: undefined })] as const,
    ),
  ])('[C-6 GPO-4] answered with %s: another interface, or the end', (_, response) => {
    expect(tap(() => response).result).toMatchObject(ended);
    expect(tap(() => response, { ttq: '30004000' }).result).toMatchObject(other);
  });

  it('[C-6 L1-1] torn is the end: torn transactions are not recovered', () => {
    for (const fault of ['timeout', 'transmission', 'protocol'] as const) {
      expect(tap(() => fault).result).toMatchObject(ended);
    }
    const card = cardOf({ ...ONLINE, '94': '08010100' });
    const { result } = tap((command, index) => (index === 1 ? 'timeout' : card(command, index)));
    expect(result).toMatchObject(ended);
  });

  it('[C-6 CLEAR-1] comes after the terminal was asked', () => {
    const step = kernel6({ ...kernelInput(), clearance: true });
    expect(step.next().value).toMatchObject({ ask: 'clearance', card: { kernelId: '06' } });
    expect(step.next({ to: 'clearance' }).value).toMatchObject({ ask: 'exchange' });
  });
});

describe('the TVR', () => {
  it('[C-6 TVR-1] begins with "not authenticated", and tells of the floor limit', () => {
    expect(tvrOf(tap(onlineCard()).result)).toBe('8000000000');
    expect(tvrOf(tap(onlineCard(), { floorLimitExceeded: true }).result)).toBe('8000008000');
  });
});

describe('a cryptogram in clear', () => {
  it.each(['9F26', '57', '5F34', '5F25', '9F08'])(
    '[C-6 DATA-1] without records and %s ends the application, with "data missing"',
    (tag) => {
      const { result } = tap(onlineCard({ [tag]: undefined }));
      expect(result).toMatchObject(ended);
      expect(tvrOf(result)).toBe('A000000000');
      expect(result.why.at(-1)?.element).toBe(tag);
    },
  );

  it('[C-6 DATA-2] with an AFL has the rest in its records, the account above all', () => {
    const bare = { ...ONLINE, '57': undefined, '5F34': undefined, '94': '08010100' };
    const account = { '57': ONLINE['57'], '5F34': '02' };
    expect(tap(cardOf(bare, { '1.1': account })).result.outcome).toBe('onlineRequest');
    expect(tap(cardOf(bare, { '1.1': { '5F34': '02' } })).result).toMatchObject(ended);
  });

  it('[C-6 DATA-3] must not stand beside a signature', () => {
    expect(tap(onlineCard({ '9F4B': '00'.repeat(96) })).result).toMatchObject(ended);
    const card = cardOf({ ...ONLINE, '94': '08010100' }, { '1.1': { '9F4B': '00'.repeat(96) } });
    expect(tap(card).result).toMatchObject(ended);
  });

  it.each(['6A83', '6283', '6986'])(
    '[C-6 READ-1] ends where a record is answered with %s',
    (status) => {
      const card = cardOf({ ...ONLINE, '94': '08010100' });
      const { result } = tap((command, index) =>
        index === 1 ? hex(status) : card(command, index),
      );
      expect(result).toMatchObject(ended);
      expect(why(result)).toContain(status);
    },
  );

  it.each(['080101', '08000100', '08020100', '08010102', 'F8010100', '00010100'])(
    '[C-6 READ-2] ends for an AFL that makes no sense (%s)',
    (afl) => {
      const { result, commands } = tap(onlineCard({ '94': afl }));
      expect(result).toMatchObject(ended);
      expect(commands).toHaveLength(1);
    },
  );

  it.each([
    ['an object twice', { '1.1': { '9F36': '0042' } }],
    ['5A of another account', { '1.1': { '5A': '4761739001010118' } }],
    ['an expiry in month 13', { '1.1': { '5F24': '281301' } }],
    ['a balance of letters', { '1.1': { D1: '00000000A000' } }],
  ])('[C-6 DATA-4] ends with %s', (_, records) => {
    expect(tap(cardOf({ ...ONLINE, '94': '08010100' }, records)).result).toMatchObject(ended);
  });
});

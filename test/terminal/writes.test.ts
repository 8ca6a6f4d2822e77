import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { Message } from '#iso8583/index.ts';
import type { Kernel } from '#kernels/shared/kernel.ts';
import { type Outcome, outcome } from '#kernels/shared/outcome.ts';
import type { JournalWrite } from '#ports/journal.ts';
import type { SaleRequest, SaleResult } from '#terminal/types.ts';
import { cardNamed } from '#test/support/terminal-harness.ts';
import {
  type WholeTerminal,
  type WholeTerminalOptions,
  wholeTerminal,
} from '#test/support/whole-terminal.ts';
import { answerTo } from '#test/uplink/support.ts';

/** Each time the terminal waited for its disk: the events of one write of the journal. */
let writes: string[];
let whole: WholeTerminal;
afterEach(() => whole.close());

const says = (code: string) => (request: Message) => answerTo(request, [39, code], [38, '123456']);

const start = async (options: Partial<WholeTerminalOptions> = {}) => {
  writes = [];
  const counted = ({ entries }: JournalWrite) =>
    void writes.push(entries.map(({ event }) => event).join(' and '));
  whole = await wholeTerminal({
    host: says('00'),
    journal: (real) => ({
      ...real,
      append: (write) => {
        counted(write);
        return real.append(write);
      },
    }),
    ...options,
  });
};

const phone = cardNamed('visa-phone');

const pay = async (request: Partial<SaleRequest> = {}): Promise<SaleResult> => {
  const never = new AbortController().signal;
  const sale = whole.terminal.sale({ amountMinor: 1250, currency: 840, ...request }, never);
  whole.reader.place(phone);
  const result = await sale;
  whole.reader.remove();
  return result;
};

/** Resolves when the latest write was of this event. */
const written = (event: string) => vi.waitUntil(() => writes.at(-1) === event, { timeout: 10_000 });

const track2 = hex('4761739001010119D28122010000000000');
const dataRecord = [{ tag: tag.track2EquivalentData, value: track2 }];

/** A kernel 3 that ends with these outcomes, one an activation. */
const ending = (...outcomes: readonly Outcome[]): Pick<WholeTerminalOptions, 'kernels'> => {
  let activations = 0;
  const kernel: Kernel = function* () {
    return outcomes[activations++] ?? outcome('declined');
  };
  return { kernels: new Map([['03', kernel]]) };
};

describe('how often a payment waits for the disk', () => {
  it('approved by the host: twice', async () => {
    await start();
    expect(await pay()).toMatchObject({ status: 'approved' });
    expect(writes).toEqual(['asked', 'approved']);
  });

  it('declined by the host: twice', async () => {
    await start({ host: says('51') });
    expect(await pay()).toMatchObject({ status: 'declined' });
    expect(writes).toEqual(['asked', 'declined']);
  });

  it('with a second tap: twice', async () => {
    const again = { start: 'B', onlineResponseType: 'any', fieldOffMs: 0 } as const;
    const first = outcome('onlineRequest', { dataRecord, ...again });
    await start(ending(first, outcome('approved')));
    expect(await pay()).toMatchObject({ status: 'approved', outcome: 'approved' });
    expect(writes).toEqual(['asked', 'approved']);
  });

  it('never asked of the host: once', async () => {
    await start(ending(outcome('declined')));
    expect(await pay()).toMatchObject({ status: 'declined' });
    expect(writes).toEqual(['declined']);
  });

  it('without an answer, and taken back: three times', async () => {
    const onlyReversals = (request: Message) =>
      request.mti.startsWith('04') ? says('00')(request) : undefined;
    await start({ host: onlyReversals, answerWithinMs: 50 });
    expect(await pay()).toMatchObject({ status: 'declined' });
    await written('reversalAcknowledged');
    expect(writes).toEqual(['asked', 'reversalOwed', 'reversalAcknowledged']);
  });

  it('approved by the card, and forwarded: twice', async () => {
    const offline = { kernel: true };
    await start({ offline, ...ending(outcome('approved', { dataRecord })) });
    expect(await pay()).toMatchObject({ status: 'approved', offline: 'kernel' });
    await written('forwarded');
    expect(writes).toEqual(['acceptedOffline', 'forwarded']);
  });

  it('deferred while the host is away, and forwarded: three times', async () => {
    await start({ offline: { deferred: true } });
    whole.linkDown();
    expect(await pay()).toMatchObject({ status: 'approved', offline: 'deferred' });
    whole.linkUp();
    await written('forwarded');
    expect(writes).toEqual(['asked', 'acceptedOffline', 'forwarded']);
  });

  it('refunded to a card: twice', async () => {
    await start();
    expect(await pay({ kind: 'refund' })).toMatchObject({ status: 'approved' });
    expect(writes).toEqual(['asked', 'approved']);
  });

  it('refunded by reference: twice, with both payments in the second write', async () => {
    await start();
    const { transactionId: original } = await pay();
    writes = [];
    expect(await pay({ kind: 'refund', original })).toMatchObject({ status: 'approved' });
    expect(writes).toEqual(['asked', 'approved and refunded']);
  });

  it('approved and then voided: four times', async () => {
    await start();
    const { transactionId } = await pay();
    expect(await whole.terminal.void(transactionId)).toMatchObject({ status: 'done' });
    expect(writes).toEqual(['asked', 'approved', 'reversalOwed', 'reversalAcknowledged']);
  });

  it('held and then collected: four times, both payments together', async () => {
    await start();
    const { transactionId: original } = await pay({ kind: 'preAuthorisation' });
    expect(await whole.terminal.complete({ original, amountMinor: 900 })).toMatchObject({
      status: 'approved',
    });
    await written('forwarded and collected');
    expect(writes).toEqual([
      'asked',
      'preAuthorised',
      'acceptedOffline and completed',
      'forwarded and collected',
    ]);
  });
});

describe('how often the key store waits for the disk', () => {
  it('once in a hundred payments', async () => {
    await start();
    const store = join(whole.folder, 'keys', 'keys.sealed');
    // Each write puts a new file in the place of the old one.
    const versions = new Set<bigint>();
    for (let i = 0; i < 100; i++) {
      await pay();
      versions.add(statSync(store, { bigint: true }).mtimeNs);
    }
    expect(versions.size).toBeLessThanOrEqual(2);
  }, 60_000);
});

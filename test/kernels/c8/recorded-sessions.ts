import { hex, toHex } from '#bytes/hex.ts';
import { p256, publicPoint } from '#crypto/elliptic-curve.ts';
import { tag } from '#data/dictionary.ts';
import { kernel8 } from '#kernels/c8/kernel.ts';
import type { Authentication, DataMap, KernelInput } from '#kernels/shared/kernel.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import { caPublicKeys, revocationList } from '#oda/index.ts';
import { type Played, play } from '#test/support/scripted-card.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { outcomeParameterSet, userInterfaceRequestData } from './outcome-bytes.ts';
import table from './sessions.json' with { type: 'json' };

/** A session as the other kernel had it; `exception` where it threw. */
export interface Session {
  readonly id: string;
  readonly note: string;
  /** Configuration and transaction data that differ from `configuration`; null takes away. */
  readonly changes: Readonly<Record<string, string | null | undefined>>;
  readonly noCaKey?: boolean;
  readonly exchanges: readonly (readonly number[])[];
  readonly outcome?: SessionOutcome;
  readonly exception?: string;
}

export interface SessionOutcome {
  /** Outcome Parameter Set, 8 bytes, in hexadecimal. */
  readonly parameters: string;
  readonly discretionary: string;
  readonly uird1?: string;
  readonly uird2?: string;
  readonly record?: string;
}

export const SESSIONS = table.sessions as readonly Session[];

const PRIVATE_KEY = hex(table.ephemeralPrivateKey);

const TRUST: Authentication = {
  caKeys: caPublicKeys([
    {
      rid: hex(table.caPublicKey.rid),
      index: Number.parseInt(table.caPublicKey.index, 16),
      suite: 0x10,
      point: hex(table.caPublicKey.point),
    },
  ]),
  revoked: revocationList([]),
  exceptionFile: new Set(),
};

/** Commands and answers after SELECT, in hexadecimal. */
export const exchangesOf = ({ exchanges }: Session) =>
  exchanges.slice(1).map(([at = 0, milliseconds = 0]) => {
    const [command = '', answer = ''] = table.exchanges[at] ?? [];
    return { command, answer, milliseconds };
  });

export interface Replayed extends Played<Outcome> {
  readonly session: SessionOutcome;
}

/**
 * Our kernel before the recorded card: the answers come in their order, whatever is asked. After
 * the last one the card is silent.
 */
export const replaySession = (session: Session): Replayed => {
  const exchanges = exchangesOf(session);
  const readsEnvelope = exchanges.some(({ command }) => command.startsWith('8432'));
  const terminal = new Map<number, Uint8Array>();
  for (const [key, value] of Object.entries({ ...table.configuration, ...session.changes })) {
    if (typeof value === 'string') terminal.set(Number.parseInt(key, 16), hex(value));
  }
  // The recorded terminal said after the last record what it wants to read.
  if (readsEnvelope) terminal.set(tag.proceedToFirstWriteFlagK8, new Uint8Array());
  const [select] = table.exchanges[session.exchanges[0]?.[0] ?? 0]?.slice(1) ?? [];
  const input: KernelInput = {
    start: 'B',
    restart: false,
    adfName: hex('A0000000041010'),
    aid: terminal.get(tag.applicationIdentifierTerminal) ?? new Uint8Array(),
    fci: hex((select ?? '').slice(0, -4)),
    transaction: { type: 0, amountAuthorised: 0, amountOther: 0, currency: 978 },
    preprocessing: {
      statusCheckRequested: false,
      contactlessApplicationNotAllowed: false,
      zeroAmount: false,
      readerCvmRequiredLimitExceeded: false,
      readerContactlessFloorLimitExceeded: false,
    },
    terminal,
    unpredictableNumber: hex(table.random),
    ephemeralKey: {
      privateKey: PRIVATE_KEY,
      publicKey: publicPoint(p256, PRIVATE_KEY) ?? new Uint8Array(),
    },
    dataExchange: readsEnvelope,
    ...(session.noCaKey ? {} : { authentication: TRUST }),
  };
  let answered = false;
  const dataExchange = (): DataMap => {
    const first = !answered;
    answered = true;
    return first
      ? new Map([[tag.tagsToReadK8, hex('9F8111')]])
      : new Map([[tag.proceedToFirstWriteFlagK8, hex('01')]]);
  };
  const played = play(
    kernel8(input),
    (_, index) => {
      const answer = exchanges[index]?.answer;
      return answer === undefined ? 'timeout' : hex(answer);
    },
    {
      random: hex(table.random),
      microseconds: (_, index) => 1000 * (exchanges[index]?.milliseconds ?? 0),
      dataExchange,
    },
  );
  return { ...played, session: asSession(played.result) };
};

const asSession = (outcome: Outcome): SessionOutcome => ({
  parameters: toHex(outcomeParameterSet(outcome)),
  discretionary: listed(outcome.discretionaryData),
  ...(outcome.uiOnOutcome && { uird1: toHex(userInterfaceRequestData(outcome.uiOnOutcome)) }),
  ...(outcome.uiOnRestart && { uird2: toHex(userInterfaceRequestData(outcome.uiOnRestart)) }),
  ...(outcome.dataRecord.length > 0 && { record: listed(outcome.dataRecord) }),
});

const listed = (elements: Outcome['dataRecord']): string =>
  elements.map(({ tag: key, value }) => toHex(encodeTlv(key, value))).join('');

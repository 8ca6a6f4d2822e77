import { BehaviorSubject, Subject } from 'rxjs';
import { isMalformed } from '#bytes/malformed.ts';
import { respond } from '#drivers/simulated/acquirer/fault-plan.ts';
import { type FaultName, faults, type Wire } from '#drivers/simulated/acquirer/faults.ts';
import { createHost } from '#drivers/simulated/acquirer/host.ts';
import type { MemoryLedger } from '#drivers/simulated/acquirer/ledger.ts';
import { loadRules, shippedRules } from '#drivers/simulated/acquirer/rules.ts';
import { createSpeech, type Speech } from '#drivers/simulated/acquirer/speech.ts';
import { verifyCryptogram } from '#drivers/simulated/index.ts';
import { createFramer, type Message } from '#iso8583/index.ts';
import { fault } from '#ports/fault.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';
import type { Log } from '#ports/log.ts';

/** What the host does with the next payment. `talks`: it sends back everything it was told. */
export type HostWhim = FaultName | 'talks' | 'absent' | undefined;

export interface TestHost {
  readonly link: HostLink;
  /** Of payments only; what is owed is always taken. */
  whim: HostWhim;
  come(): void;
  leave(): void;
}

export interface HostOptions {
  readonly ledger: MemoryLedger;
  readonly log: Log;
  readonly macKey: Uint8Array;
  readonly issuedAs: (pan: string) => string;
}

const rules = await loadRules(shippedRules);

/** The acquirer's own host at the other end of a wire that is in this process. */
export const openTestHost = ({ ledger, log, macKey, issuedAs }: HostOptions): TestHost => {
  const up: LinkState = { link: 'up', peer: 'test host' };
  const state = new BehaviorSubject<LinkState>(up);
  const received = new Subject<Uint8Array>();
  const speech = createSpeech({ dialect: 'iso8583-1987-ascii', macKey, wallMs: Date.now });
  const host = createHost({
    ledger,
    rules,
    log,
    wallMs: Date.now,
    verify: (icc, pan, psn) => verifyCryptogram(icc, issuedAs(pan), psn),
  });
  const drop = () => {
    if (state.value.link === 'down') return;
    state.next({ link: 'down', why: fault('linkDown', 'the host hung up') });
    if (test.whim !== 'absent') setImmediate(() => state.next(up));
  };
  const wire = wireTo(received, speech, drop);
  const answer = async (bytes: Uint8Array): Promise<void> => {
    const request = speech.read(bytes);
    if (isMalformed(request)) {
      log.warn({ ...request }, 'garbage');
      return;
    }
    const { whim } = test;
    const payment = /^0[12]0/.test(request.mti);
    if (!payment || whim === undefined || whim === 'absent') {
      await respond(request, host, undefined, wire);
    } else if (whim === 'talks') {
      const plain = await host(request);
      if (plain !== undefined) wire.send(echoing(request, plain));
    } else {
      await respond(request, host, faults[whim], wire);
    }
  };
  const test: TestHost = {
    link: {
      state$: state.asObservable(),
      received$: received.asObservable(),
      send: async (bytes) => {
        if (state.value.link === 'down') return fault('linkDown', 'no connection to the host');
        setImmediate(() => void answer(bytes));
        return undefined;
      },
      close: async () => undefined,
    },
    whim: undefined,
    leave: () => {
      test.whim = 'absent';
      drop();
    },
    come: () => {
      test.whim = undefined;
      if (state.value.link === 'down') state.next(up);
    },
  };
  return test;
};

const wireTo = (received: Subject<Uint8Array>, speech: Speech, drop: () => void): Wire => {
  const framer = createFramer();
  let rest: Uint8Array = new Uint8Array();
  const raw = (bytes: Uint8Array) => {
    const whole = framer.split(rest, bytes);
    if (isMalformed(whole)) throw new Error('no stream of messages');
    rest = whole.rest;
    for (const message of whole.messages) received.next(message);
  };
  const hangUp = () => {
    rest = new Uint8Array();
    drop();
  };
  return {
    send: (message) => raw(speech.framed(speech.encoded(message))),
    encoded: speech.encoded,
    framed: speech.framed,
    raw,
    drop: hangUp,
    restart: hangUp,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    lateMs: 120,
  };
};

/** A host that repeats account data, PIN and all, in every element that may hold such things. */
const echoing = (request: Message, answer: Message): Message => {
  const fields = new Map(answer.fields);
  for (const number of [2, 14, 35, 55]) {
    const value = request.fields.get(number);
    if (value !== undefined && !fields.has(number)) fields.set(number, value);
  }
  const pan = String(request.fields.get(2) ?? '');
  for (const number of [44, 45, 46, 47, 48, 60, 61, 62, 63, 102, 103]) fields.set(number, pan);
  fields.set(36, `${pan}=3112`);
  fields.set(52, Uint8Array.from(Buffer.from(pan.slice(0, 12).padEnd(16, '0'), 'hex')));
  return { mti: answer.mti, fields };
};

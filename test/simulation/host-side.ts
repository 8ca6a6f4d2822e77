import { isMalformed } from '#bytes/malformed.ts';
import { respond } from '#drivers/simulated/acquirer/fault-plan.ts';
import { faults, type HostFault, type Wire } from '#drivers/simulated/acquirer/faults.ts';
import { createHost, type Host } from '#drivers/simulated/acquirer/host.ts';
import { createMemoryLedger, type MemoryLedger } from '#drivers/simulated/acquirer/ledger.ts';
import { loadRules, shippedRules } from '#drivers/simulated/acquirer/rules.ts';
import { createSpeech, type Speech } from '#drivers/simulated/acquirer/speech.ts';
import { verifyCryptogram } from '#drivers/simulated/index.ts';
import { type Message, text } from '#iso8583/index.ts';
import { never } from './life.ts';
import type { World } from './world.ts';

/** How the host answers a terminal. */
export interface HostConnection {
  write(frame: Uint8Array): void;
  writeRaw(bytes: Uint8Array): void;
  drop(): void;
}

/** The acquirer: its ledger outlives every one of its processes. */
export interface HostSide {
  readonly ledger: () => MemoryLedger;
  present(): boolean;
  receive(bytes: Uint8Array, connection: HostConnection): void;
  /** It ends, and starts again after a while. */
  restart(why: string): void;
  away(ms: number): void;
  heal(): void;
}

const rules = await loadRules(shippedRules);

export const MAC_KEY = Uint8Array.from({ length: 16 }, (_, index) => index * 17);

interface Process {
  alive: boolean;
  readonly host: Host;
}

export const createHostSide = (world: World): HostSide => {
  const { agenda, random: source, wallMs, weather } = world;
  const random = source.fork('host');
  const { dialect, mac } = weather().shop;
  const speech = createSpeech({ dialect, wallMs, ...(mac ? { macKey: MAC_KEY } : {}) });
  let ledger = createMemoryLedger();
  let process: Process | undefined;
  let awayUntilMs = -1;
  const start = () => {
    ledger = createMemoryLedger(ledger.entries());
    process = startProcess(world, ledger, random, (why) => side.restart(why));
  };
  const side: HostSide = {
    ledger: () => ledger,
    present: () => process !== undefined && agenda.nowMs() >= awayUntilMs,
    receive: (bytes, connection) => {
      const message = speech.read(bytes);
      const now = process;
      if (now === undefined || !side.present() || isMalformed(message)) {
        world.trace('host', isMalformed(message) ? 'garbage' : 'nobody is there');
        return;
      }
      world.trace('host', `receives ${nameOf(message)}`);
      world.count(`message ${message.mti}`);
      void serve(message, now, { world, speech, random, connection, restart: side.restart });
    },
    restart: (why) => {
      if (process === undefined) return;
      world.trace('host', `ends: ${why}`);
      world.count('host restarts');
      process.alive = false;
      process = undefined;
      world.cut('the host is gone');
      agenda.at(random.between(100, 20_000), start);
    },
    away: (ms) => {
      awayUntilMs = agenda.nowMs() + ms;
      world.cut('the host is away');
    },
    heal: () => {
      awayUntilMs = -1;
    },
  };
  start();
  return side;
};

const nameOf = (message: Message): string =>
  [message.mti, ...[11, 7, 4, 39].map((number) => text(message, number) ?? '')].join(' ');

// The ledger's line is on the disk before the answer is made: it may end on either side of that.
const startProcess = (
  world: World,
  ledger: MemoryLedger,
  random: World['random'],
  restart: (why: string) => void,
): Process => {
  const self: { process?: Process } = {};
  const append: MemoryLedger['append'] = async (entry) => {
    const { host } = world.weather();
    await world.agenda.sleep(random.between(0, 5));
    if (self.process?.alive !== true) return never();
    if (random.chance(host.crashBefore)) {
      restart('before it booked');
      return never();
    }
    await ledger.append(entry);
    world.trace('host', 'books', entry);
    if (random.chance(host.crashAfter)) {
      restart('after it booked');
      return never();
    }
  };
  const host = createHost({
    ledger: { ...ledger, append },
    rules,
    verify: verifyCryptogram,
    log: silent,
    wallMs: world.wallMs,
  });
  self.process = { alive: true, host };
  return self.process;
};

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface Serving {
  readonly world: World;
  readonly speech: Speech;
  readonly random: World['random'];
  readonly connection: HostConnection;
  readonly restart: (why: string) => void;
}

const serve = async (message: Message, now: Process, parts: Serving): Promise<void> => {
  const { world, random } = parts;
  const { host } = world.weather();
  const name = random.chance(host.fault) ? random.pick(host.faults) : undefined;
  const fault = name === undefined ? undefined : faultNamed(name);
  if (name !== undefined) {
    world.count(`host fault ${name}`);
    world.trace('host', `fault ${name}`);
  }
  const slowMs = random.chance(host.slow) ? random.between(100, 25_000) : 0;
  await respond(message, now.host, fault, wireOf(now, parts), slowMs);
};

// Which part of an amount was approved only the host can say: nobody could see that it is wrong.
const faultNamed = (name: keyof typeof faults): HostFault =>
  name === 'wrong-amount'
    ? {
        ...faults[name],
        deliver: (answer, wire) =>
          text(answer, 39) === '10' ? wire.send(answer) : faults[name].deliver(answer, wire),
      }
    : faults[name];

const wireOf = (now: Process, { world, speech, random, connection, restart }: Serving): Wire => {
  const raw = (bytes: Uint8Array) => {
    if (now.alive) connection.writeRaw(bytes);
  };
  return {
    send: (message) => {
      const bytes = now.alive ? said(message, speech) : undefined;
      if (bytes === undefined) return;
      world.trace('host', `answers ${nameOf(message)}`);
      connection.write(speech.framed(bytes));
    },
    encoded: speech.encoded,
    framed: speech.framed,
    raw,
    drop: () => {
      if (now.alive) connection.drop();
    },
    restart: () => {
      if (now.alive) restart('on command');
    },
    pause: async (ms) => {
      await world.agenda.sleep(ms);
      return now.alive ? undefined : never();
    },
    lateMs: random.between(1_000, 60_000),
  };
};

// Some wrong answers can't be said in every edition: then there is none.
const said = (message: Message, speech: Speech): Uint8Array | undefined => {
  try {
    return speech.encoded(message);
  } catch {
    return undefined;
  }
};

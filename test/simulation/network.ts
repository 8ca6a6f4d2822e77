import { BehaviorSubject, Subject } from 'rxjs';
import { isMalformed } from '#bytes/malformed.ts';
import { createFramer } from '#iso8583/index.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';
import type { HostConnection, HostSide } from './host-side.ts';
import { type Life, never } from './life.ts';
import type { World } from './world.ts';

/** What lies between a terminal's life and its host: everything may happen to a message there. */
export interface Network {
  linkFor(life: Life): HostLink;
  /** The connection ends, now. */
  cut(why: string): void;
}

interface Connection extends HostConnection {
  open: boolean;
}

export const createNetwork = (world: World, host: HostSide): Network => {
  let present: { cut(why: string): void } | undefined;
  return {
    cut: (why) => present?.cut(why),
    linkFor: (life) => {
      const link = createLink(world, host, life);
      present = link;
      return link;
    },
  };
};

const createLink = (world: World, host: HostSide, life: Life) => {
  const { agenda, random: source } = world;
  const random = source.fork(`network ${life.number}`);
  const notYet: Fault = fault('linkDown', 'not connected yet');
  const state = new BehaviorSubject<LinkState>({ link: 'down', why: notYet });
  const received = new Subject<Uint8Array>();
  let connection: Connection | undefined;
  const cut = (why: string) => {
    if (connection === undefined) return;
    connection.open = false;
    connection = undefined;
    world.count('connections cut');
    world.trace('network', `down: ${why}`);
    if (!life.alive) return;
    state.next({ link: 'down', why: fault('linkDown', why) });
    agenda.at(random.between(50, 4_000), connect);
  };
  const connect = () => {
    if (!life.alive || connection !== undefined) return;
    if (!host.present()) {
      agenda.at(random.between(500, 5_000), connect);
      return;
    }
    connection = connectionTo(world, life, received, random.fork(`${agenda.nowMs()}`), cut);
    world.trace('network', 'up');
    state.next({ link: 'up', peer: 'simulated host' });
  };
  agenda.at(random.between(5, 500), connect);
  const send = async (bytes: Uint8Array): Promise<Fault | undefined> => {
    if (!life.alive) return never();
    const { network } = world.weather();
    if (random.chance(0.3)) await agenda.sleep(random.next());
    if (!life.alive) return never();
    const on = connection;
    if (on === undefined) return fault('linkDown', 'no connection');
    world.trace('terminal', `sends ${bytes.length} bytes`);
    if (random.chance(network.refused)) {
      cut('the connection broke while sending');
      return fault('linkDown', 'the connection broke');
    }
    if (random.chance(network.cutBefore)) {
      cut('before the message arrived');
      return undefined;
    }
    if (world.cutsAt('send')) world.crash('before a message was sent');
    if (!life.alive) return never();
    for (const delayMs of delays(world, random)) {
      const arriving = damaged(bytes, world, random);
      agenda.at(delayMs, () => host.receive(arriving, on));
    }
    if (random.chance(network.cutAfter)) {
      agenda.at(random.between(0, 200), () => on.open && cut('after the message arrived'));
    }
    if (world.cutsAt('send')) world.crash('after a message was sent');
    return undefined;
  };
  return {
    state$: state.asObservable(),
    received$: received.asObservable(),
    send: (bytes: Uint8Array) => life.sees(send(bytes)),
    hurry: () => {
      if (connection === undefined) agenda.at(random.between(5, 50), connect);
    },
    close: async () => undefined,
    cut,
  };
};

/** When each copy of a message arrives; none if it is lost. */
const delays = (world: World, random: World['random']): number[] => {
  const { network } = world.weather();
  const usual = random.between(5, 40);
  if (random.chance(network.lost)) {
    world.count('messages lost');
    return [];
  }
  const late = random.chance(network.late);
  if (late) world.count('messages late');
  const first = late ? random.between(50, 45_000) : usual;
  if (!random.chance(network.twice)) return [first];
  world.count('messages twice');
  return [first, random.chance(0.5) ? first : random.between(5, 45_000)];
};

const damaged = (bytes: Uint8Array, world: World, random: World['random']): Uint8Array => {
  const { network, shop } = world.weather();
  if (!random.chance(network.damaged)) return bytes;
  world.count('messages damaged');
  const other = bytes.slice();
  const at = random.between(0, other.length - 1);
  other[at] = (other[at] ?? 0) ^ random.between(1, 255);
  // Without a MAC only what can't be decoded is noticed: cut it short.
  return shop.mac ? other : other.slice(0, Math.min(at, 10));
};

/** The host's end: what it sends comes in order, unless the weather says otherwise. */
const connectionTo = (
  world: World,
  life: Life,
  received: Subject<Uint8Array>,
  random: World['random'],
  cut: (why: string) => void,
): Connection => {
  const { agenda } = world;
  const framer = createFramer();
  let rest: Uint8Array = new Uint8Array();
  const arrived = (chunk: Uint8Array, to: Connection) => {
    if (!to.open || !life.alive) return;
    const whole = framer.split(rest, chunk);
    if (isMalformed(whole)) {
      cut('the stream is none');
      return;
    }
    rest = whole.rest;
    for (const message of whole.messages) received.next(damaged(message, world, random));
  };
  const connection: Connection = {
    open: true,
    write: (frame) => {
      const { network } = world.weather();
      if (random.chance(network.cutBefore)) connection.drop();
      for (const delayMs of delays(world, random)) {
        agenda.at(delayMs, () => arrived(frame, connection));
      }
    },
    // Half of a message: nothing else may come in between.
    writeRaw: (bytes) => void agenda.at(5, () => arrived(bytes, connection)),
    drop: () => void agenda.at(6, () => connection.open && cut('the host hung up')),
  };
  return connection;
};

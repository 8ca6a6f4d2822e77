import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultTarget } from '#drivers/simulated/acquirer/fault-plan.ts';
import { type FaultName, faults } from '#drivers/simulated/acquirer/faults.ts';
import type { Random } from '#test/simulation/random.ts';
import type { Host } from './host.ts';
import { reconcile, type Till, takeBack, type Wish } from './till.ts';
import { type Kinds, nextWish, stands } from './wishes.ts';

/** What a moment has at hand. `kill` ends the terminal; only the first call counts. */
export interface Scene {
  readonly socket: string;
  readonly till: Till;
  readonly host: Host;
  readonly random: Random;
  readonly wishes: Wish[];
  /** How long the host holds each answer back. */
  readonly slowMs: number;
  readonly kill: () => void;
  /** Tells that this payment is being taken now. */
  readonly takes: (wish: Wish) => void;
}

export interface Moment {
  /** Of all kills, so many parts. */
  readonly weight: number;
  /** What a fault of the host would strike here. */
  readonly strikes?: FaultTarget;
  /** Brings the terminal to the moment and calls `kill` in it, or returns: then it is killed. */
  readonly play: (scene: Scene) => Promise<unknown>;
}

const wishFor = ({ till, wishes, random, takes }: Scene, only?: Kinds): Wish => {
  const wish = nextWish(till, wishes, random, only);
  takes(wish);
  return wish;
};

const killIn = ({ kill }: Scene, ms: number): void => {
  if (ms <= 0) kill();
  else setTimeout(kill, ms);
};

const afterEvent = async (scene: Scene, event: string, mostMs: number, only?: Kinds) => {
  const delayMs = scene.random.between(0, mostMs);
  const onEvent = (seen: string) => {
    if (seen === event) killIn(scene, delayMs);
  };
  await scene.till.ask(wishFor(scene, only), { onEvent });
};

const anotherOrder = (scene: Scene): Promise<unknown> => {
  const { socket, till, random, wishes } = scene;
  const paid = wishes.filter((wish) => stands(wish, wishes) && wish.kind !== 'completion');
  if (paid.length > 0 && random.chance(0.4)) return takeBack(socket, random.pick(paid));
  return random.chance(0.4) ? reconcile(socket) : till.ask(wishFor(scene, 'about earlier'));
};

/** When the terminal is killed, by a name for the report. */
export const moments = {
  'amount taken, no card yet': {
    weight: 4,
    play: (scene) => afterEvent(scene, 'saleStarted', 8, 'online'),
  },
  'card in the field': {
    weight: 10,
    play: (scene) => afterEvent(scene, 'saleStarted', 90, 'online'),
  },
  'host asked': {
    weight: 40,
    strikes: 'payment',
    play: (scene) => afterEvent(scene, 'authorising', scene.slowMs + 25),
  },
  'just told': {
    weight: 8,
    play: async (scene) => {
      await scene.till.ask(wishFor(scene));
      await sleep(scene.random.between(0, 25));
    },
  },
  'cancelled while the host is asked': {
    weight: 10,
    strikes: 'reversal',
    play: async (scene) => {
      const { till, random, slowMs } = scene;
      const cancelMs = random.between(0, slowMs + 5);
      const killMs = cancelMs + random.between(0, 2 * slowMs + 40);
      const onEvent = (event: string) => {
        if (event !== 'authorising') return;
        setTimeout(() => void till.cancel(), cancelMs);
        setTimeout(scene.kill, killMs);
      };
      await till.ask(wishFor(scene, 'online'), { onEvent });
      await sleep(random.between(0, slowMs));
    },
  },
  'the till hung up while the host is asked': {
    weight: 5,
    play: async (scene) => {
      const { till, random, slowMs } = scene;
      const hangUp = new AbortController();
      const onEvent = (event: string) => {
        if (event === 'authorising') {
          setTimeout(() => hangUp.abort(), random.between(0, slowMs));
        }
      };
      await till.ask(wishFor(scene, 'online'), { onEvent, signal: hangUp.signal });
      await sleep(random.between(0, slowMs + 20));
    },
  },
  'taken back': {
    weight: 8,
    strikes: 'reversal',
    play: async (scene) => {
      const { socket, random, wishes, slowMs } = scene;
      const paid = wishes.filter((wish) => stands(wish, wishes) && wish.kind !== 'completion');
      if (paid.length === 0) return afterEvent(scene, 'authorising', slowMs);
      setTimeout(scene.kill, random.between(0, slowMs + 25));
      return takeBack(socket, random.pick(paid));
    },
  },
  'approved without the host': {
    weight: 10,
    strikes: 'advice',
    play: async (scene) => {
      await scene.till.ask(wishFor(scene, 'offline'));
      await sleep(scene.random.between(0, scene.slowMs + 25));
    },
  },
  'forwarding when the host is back': {
    weight: 10,
    strikes: 'any',
    play: async (scene) => {
      const { till, host, random, slowMs } = scene;
      await host.ask({ op: 'absent' });
      for (let count = random.between(1, 3); count > 0; count--) {
        await till.ask(wishFor(scene, random.chance(0.5) ? 'online' : 'offline'));
      }
      await host.ask({ op: 'present' });
      // The next sale hurries the link; what is owed goes out while the card is awaited.
      setTimeout(scene.kill, random.between(0, 4 * slowMs + 200));
      await till.ask(wishFor(scene, 'online'));
    },
  },
  'about an earlier payment': {
    weight: 10,
    play: async (scene) => {
      const { random, slowMs } = scene;
      setTimeout(scene.kill, random.between(0, slowMs + 40));
      await scene.till.ask(wishFor(scene, 'about earlier'));
      await sleep(random.between(0, 30));
    },
  },
  'another order while the host is asked': {
    weight: 8,
    strikes: 'any',
    play: async (scene) => {
      const { till, random, slowMs } = scene;
      const [orderMs, killMs] = [random.between(0, slowMs), random.between(0, 3 * slowMs + 40)];
      const onEvent = (event: string) => {
        if (event !== 'authorising') return;
        setTimeout(() => void anotherOrder(scene), orderMs);
        setTimeout(scene.kill, orderMs + killMs);
      };
      await till.ask(wishFor(scene, 'online'), { onEvent });
      await sleep(random.between(0, slowMs + 20));
    },
  },
  'the same asked twice at once': {
    weight: 5,
    strikes: 'payment',
    play: async (scene) => {
      const { till, random, slowMs } = scene;
      const wish = wishFor(scene, 'online');
      const again = Promise.withResolvers<void>();
      const onEvent = (event: string) => {
        if (event !== 'authorising') return;
        till.ask(wish).then(again.resolve, again.reject);
        setTimeout(scene.kill, random.between(0, slowMs + 40));
      };
      await till.ask(wish, { onEvent });
      await Promise.race([again.promise, sleep(200)]);
    },
  },
  'closing the period': {
    weight: 6,
    strikes: 'reconciliation',
    play: async (scene) => {
      setTimeout(scene.kill, scene.random.between(0, 2 * scene.slowMs + 40));
      await reconcile(scene.socket);
    },
  },
  idle: { weight: 2, play: (scene) => sleep(scene.random.between(0, 200)) },
} as const satisfies Record<string, Moment>;

export type MomentName = keyof typeof moments;

/** While it starts, a terminal is killed before it is ready. */
export const STARTING = 'start-up and recovery';

export const momentFrom = (random: Random): readonly [MomentName, Moment] => {
  const all = Object.entries(moments) as [MomentName, Moment][];
  let at = random.next() * all.reduce((sum, [, { weight }]) => sum + weight, 0);
  for (const one of all) {
    at -= one[1].weight;
    if (at < 0) return one;
  }
  return ['idle', moments.idle];
};

/** One of the host's faults, to strike what the moment is about. */
export const faultFrom = (random: Random): FaultName =>
  random.pick(Object.keys(faults) as FaultName[]);

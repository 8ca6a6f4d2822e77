import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '#drivers/simulated/acquirer/books.ts';
import {
  type AcquirerProcess,
  askAcquirer,
  type ControlAnswer,
  type ControlRequest,
  startAcquirer,
} from '#drivers/simulated/acquirer/index.ts';
import { isFault } from '#ports/fault.ts';

/** The acquirer as a process of its own: it outlives every run of the terminal. */
export interface Host {
  readonly process: AcquirerProcess;
  /** Its state: ledger, keys, certificates. */
  readonly folder: string;
  /** Asks it by its control socket; again while it starts after a kill. */
  ask(request: ControlRequest): Promise<Extract<ControlAnswer, { ok: true }>>;
  /** Every payment in its ledger, of one terminal. */
  positions(terminal: string): Promise<readonly Position[]>;
  kill(): void;
  /** How often it ended without being asked. */
  readonly restarts: number;
  close(): Promise<void>;
}

export const openHost = async (root: string): Promise<Host> => {
  const folder = join(root, 'host');
  const control = join(root, 'host.sock');
  let restarts = 0;
  const acquirer = await startAcquirer({
    stateDir: folder,
    port: 0,
    control,
    log: 'ignore',
    mac: true,
    onRestart: () => {
      restarts += 1;
    },
  });
  if (isFault(acquirer)) throw new Error(acquirer.detail);
  const ask = async (request: ControlRequest) => {
    const patienceMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await askAcquirer(control, request);
      if (!isFault(answer)) {
        if (answer.ok) return answer;
        throw new Error(answer.error);
      }
      if (performance.now() > patienceMs) throw new Error(`the acquirer: ${answer.detail}`);
      await sleep(50);
    }
  };
  return {
    process: acquirer,
    folder,
    ask,
    positions: async (terminal) => {
      const { terminals } = await ask({ op: 'totals', terminal });
      const [books] = terminals as readonly { readonly payments: readonly Position[] }[];
      return books?.payments ?? [];
    },
    kill: () => {
      try {
        if (acquirer.pid !== undefined) process.kill(acquirer.pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
    },
    get restarts() {
      return restarts;
    },
    close: () => acquirer.close(),
  };
};

const PATIENCE_MS = 20_000;

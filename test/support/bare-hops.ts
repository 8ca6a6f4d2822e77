import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A process that only echoes: what handing something over to another process costs here, now. */
export interface BareHops {
  /** One message there and back, after a pause as long as a card takes for a command: ms. */
  measure(): Promise<number>;
  close(): void;
}

export const startBareHops = async (): Promise<BareHops> => {
  const child = fork(ECHO_PROCESS, { serialization: 'advanced' });
  await once(child, 'spawn');
  const echo = async (): Promise<number> => {
    const startedMs = performance.now();
    child.send({ id: 1, command: new Uint8Array(40) });
    await once(child, 'message');
    return performance.now() - startedMs;
  };
  await echo();
  return {
    measure: async () => {
      await sleep(CARD_MS);
      return echo();
    },
    close: () => void child.kill(),
  };
};

const ECHO_PROCESS = fileURLToPath(new URL('echo-process.ts', import.meta.url));
const CARD_MS = 45;

import { askAcquirer, type ControlRequest } from '#drivers/simulated/acquirer/index.ts';
import { isFault } from '#ports/fault.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';

/** `countertap acquirer …`: asks the simulated acquirer, or tells it how to misbehave. */
export const acquirer = async (socket: string, request: ControlRequest): Promise<ExitCode> => {
  const answer = await askAcquirer(socket, request);
  if (isFault(answer)) return fail(answer.detail);
  if (!answer.ok) return fail(answer.error);
  say(JSON.stringify(answer, null, 2));
  return exit.ok;
};

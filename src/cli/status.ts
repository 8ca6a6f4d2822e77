import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';

/** `countertap status`. */
export const status = async (socket: string, json: boolean): Promise<ExitCode> => {
  const answer = await call(socket, { op: 'status' });
  if (isFault(answer)) return fail(answer.detail);
  if (typeof answer['error'] === 'string') return fail(answer['error']);
  say(json ? JSON.stringify(answer) : describe(answer));
  return exit.ok;
};

const describe = (status: ControlLine): string => {
  const mark = (good: unknown) => (good === true ? 'ok' : 'NO');
  const last = status['lastResult'] as ControlLine | undefined;
  const paying = status['state'] === 'sale';
  return [
    `state      ${paying ? `taking payment ${status['transactionId']}` : 'idle'}`,
    `reader     ${mark(status['readerPresent'])}  ${status['reader']}`,
    `host       ${mark(status['linkUp'])}  ${status['link']}`,
    `reversals  ${status['openReversals']} open`,
    `display    ${status['display']} (${status['displays']} connected)`,
    `memory     ${Math.round(Number(status['residentBytes']) / 1e6)} MB`,
    ...(last ? [`last       ${last['status']}: ${last['reason']}`] : []),
  ].join('\n');
};

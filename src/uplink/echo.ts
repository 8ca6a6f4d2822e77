import { filter, firstValueFrom, fromEvent, map, merge, take, timer } from 'rxjs';
import { text } from '#iso8583/index.ts';
import { type Fault, fault } from '#ports/fault.ts';
import { type ConversationParts, createConversation } from './conversation.ts';
import { networkManagement, networkRequest } from './requests.ts';
import type { UplinkConfig } from './types.ts';

export type EchoParts = ConversationParts & Pick<UplinkConfig, 'terminalId'>;

/**
 * Asks the host for a sign of life over a link of the caller's own: network management with code
 * 301, in the host's dialect. Tried anew while the connection comes and goes. Resolves to undefined
 * when the host has answered that all is well, else to the last that was wrong.
 * @param stan DE 11, 1 to 999999: no payment's, so any will do
 */
export const askForEcho = async (
  parts: EchoParts,
  stan: number,
  withinMs: number,
  signal: AbortSignal,
): Promise<undefined | Fault> => {
  const { link, clock } = parts;
  const conversation = createConversation(parts);
  let why = fault('linkDown', 'there is no connection to the host');
  const watch = link.state$.subscribe((state) => {
    if (state.link === 'down') ({ why } = state);
  });
  const endMs = clock.monotonicMs() + withinMs;
  try {
    while (await isUp(parts, endMs - clock.monotonicMs(), signal)) {
      const request = networkRequest(networkManagement.echo, stan, clock.wallMs(), parts);
      const answer = await conversation.ask(request, {
        withinMs: Math.max(1, endMs - clock.monotonicMs()),
        signal,
      });
      if (!('kind' in answer)) {
        const code = text(answer, 39);
        if (code === '00') return undefined;
        return fault('protocol', `the host refuses the echo with response code ${code ?? 'none'}`);
      }
      why = answer.fault;
      if (why.fault !== 'linkDown') return why;
      await firstValueFrom(timer(AGAIN_MS, clock.scheduler));
    }
    return why;
  } finally {
    watch.unsubscribe();
  }
};

const AGAIN_MS = 100;

/** False when the time is over first. */
const isUp = (
  { link, clock }: EchoParts,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> => {
  if (signal.aborted || withinMs <= 0) return Promise.resolve(false);
  const up$ = link.state$.pipe(
    filter((state) => state.link === 'up'),
    map(() => true),
  );
  const over$ = merge(timer(withinMs, clock.scheduler), fromEvent(signal, 'abort'));
  return firstValueFrom(merge(up$, over$.pipe(map(() => false))).pipe(take(1)));
};

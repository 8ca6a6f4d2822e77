import type { Message } from '#iso8583/index.ts';
import type { HostParts } from './host-parts.ts';
import { field, refusal } from './request.ts';

/** DE 70, as most hosts number it. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['001', 'sign-on'],
  ['002', 'sign-off'],
  ['301', 'echo'],
]);

/** Answers a 0800: sign-on, sign-off and echo with 00, another service with 40. */
export const answerNetworkManagement = async (
  request: Message,
  { log }: HostParts,
): Promise<Message> => {
  const service = SERVICES.get(field(request, 70));
  // An idle line's echoes would fill the log.
  if (service !== 'echo') log.info({ terminal: field(request, 41).trim(), service }, 'network');
  return refusal(request, service === undefined ? '40' : '00');
};

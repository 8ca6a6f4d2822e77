import { setTimeout as sleep } from 'node:timers/promises';
import type { PcscliteReader } from 'nfc-pcsc';
import type { Reply } from './messages.ts';
import type { Escape } from './quirks.ts';

/** The answer of a reader that did what it was told, or was told nothing. */
export const OBEYED: Extract<Reply, { kind: 'told' }> = {
  kind: 'told',
  escapes: 'obeyed',
  detail: '',
};

/**
 * Gives a reader commands to itself, one after the other, all of them even if it refuses one. The
 * connection is to the reader: a card on it is neither powered nor spoken to, and left as it is.
 */
export const sendEscapes = async (
  device: PcscliteReader,
  escapes: readonly Escape[],
): Promise<Reply> => {
  const problem = await connectDirect(device);
  if (problem !== undefined) return { ...OBEYED, escapes: 'refused', detail: problem.message };
  const problems: string[] = [];
  for (const each of escapes) {
    const answer = await Promise.race([control(device, each), sleep(ESCAPE_WITHIN_MS, MUTE)]);
    // What is asked after this would hang as well, and so would a farewell.
    if (answer === MUTE) return { ...OBEYED, escapes: 'mute', detail: `${each.command}: ${MUTE}` };
    if (answer !== '') problems.push(`${each.command}: ${answer}`);
  }
  await disconnect(device);
  if (problems.length === 0) return OBEYED;
  return { ...OBEYED, escapes: 'refused', detail: problems.join('; ') };
};

/** libccid gives a reader 30 s; nobody at a till would wait as long. */
const ESCAPE_WITHIN_MS = 1000;
const LONGEST_ANSWER = 264;
/** No protocol: none is agreed on with a card. */
const UNDEFINED_PROTOCOL = 0;

const MUTE = `no answer within ${ESCAPE_WITHIN_MS} ms`;

const connectDirect = (device: PcscliteReader): Promise<Error | undefined> =>
  new Promise((resolve) => {
    const how = { share_mode: device.SCARD_SHARE_DIRECT, protocol: UNDEFINED_PROTOCOL };
    device.connect(how, (error) => resolve(error ?? undefined));
  });

const disconnect = (device: PcscliteReader): Promise<void> =>
  new Promise((resolve) => {
    device.disconnect(device.SCARD_LEAVE_CARD, () => {
      // A reader that is gone can't be disconnected from; we are through with it anyway.
      device.connected = false;
      resolve();
    });
  });

/** Empty when the reader has done it, else what is wrong. */
const control = (device: PcscliteReader, { command, answer }: Escape): Promise<string> =>
  new Promise((resolve) => {
    const data = Buffer.from(command, 'hex');
    device.control(data, device.IOCTL_CCID_ESCAPE, LONGEST_ANSWER, (error, response) => {
      // Named here, so that the bytes live as long as the addon reads them.
      void data;
      if (error) return resolve(error.message);
      const said = response.toString('hex').toUpperCase();
      resolve(said.startsWith(answer) ? '' : `it answers ${said || 'nothing'}`);
    });
  });

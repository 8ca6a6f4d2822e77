import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import type { Acceptance, TerminalStatus } from '#terminal/types.ts';
import { type ExitCode, exit, failAs, say } from './exit.ts';

/** `countertap status`. */
export const status = async (socket: string, json: boolean): Promise<ExitCode> => {
  const answer = await call(socket, { op: 'status' });
  if (isFault(answer)) return failAs(json, answer.detail);
  if (typeof answer['error'] === 'string') return failAs(json, answer['error']);
  say(json ? JSON.stringify(answer) : describeStatus(answer));
  return exit.ok;
};

/** What a terminal says of itself, in lines for a person. */
export const describeStatus = (status: ControlLine): string => {
  const mark = (good: unknown) => (good === true ? 'ok' : 'NO');
  const sound = (refusal: unknown) => (refusal === undefined ? 'ok' : `NO  ${refusal}`);
  const last = status['lastResult'] as ControlLine | undefined;
  const paying = status['state'] === 'sale';
  const refused = Number(status['refusedLater'] ?? 0);
  return [
    `state      ${paying ? `taking payment ${status['transactionId']}` : 'idle'}`,
    `reader     ${mark(status['readerPresent'])}  ${status['reader']}`,
    `contactless ${contactlessWords(status['acceptance'] as Acceptance | undefined)}`,
    `host       ${mark(status['linkUp'])}  ${status['link']}`,
    ...walletLines(status),
    `journal    ${sound(status['journalRefusal'])}`,
    `keys       ${sound(status['keysRefusal'])}`,
    ...(status['keysRefusal'] === undefined
      ? []
      : [`           to load keys: ${keysHelp(String(status['keysRefusal']))}`]),
    `reversals  ${status['openReversals']} open`,
    `to forward ${forwardWords(status)}`,
    ...(refused > 0 ? [`refused    ${refused} when forwarded: ${WHAT_TO_DO}`] : []),
    `period     ${status['period']}`,
    `display    ${status['display']} (${status['displays']} connected)`,
    ...doorLines('console', status['console'], status['consoleFingerprint']),
    ...doorLines('tills', status['tills'], status['tillsFingerprint']),
    `memory     ${Math.round(Number(status['residentBytes']) / 1e6)} MB`,
    ...(last ? [`last       ${last['status']}: ${last['reason']}`] : []),
  ].join('\n');
};

const contactlessWords = ({ off, plasticOnly }: Acceptance = { plasticOnly: false }): string => {
  if (off === undefined) return plasticOnly ? 'cards, but no phones or watches' : 'on';
  const { by } = off;
  if (by === undefined) return "OFF: the shop's decisions can't be read; `countertap nfc verify`";
  return `OFF by decision ${by.id} of ${by.by.person}: ${by.reason.text}`;
};

const walletLines = ({ wallets, openOrders, unknown }: ControlLine): readonly string[] => {
  const names = (wallets ?? []) as NonNullable<TerminalStatus['wallets']>;
  const open = Number(openOrders ?? 0) + Number(unknown ?? 0);
  if (names.length === 0 && open === 0) return [];
  const words = names.map(({ title, accepted, decision }) =>
    accepted ? title : `${title} OFF${decision === undefined ? '' : ` by decision ${decision}`}`,
  );
  return [`wallets    ${words.join(', ')}${open === 0 ? '' : `; ${open} to be settled there`}`];
};

// Whoever comes in compares the fingerprint with that of the certificate that is shown.
const doorLines = (name: string, url: unknown, fingerprint: unknown): readonly string[] =>
  url === undefined
    ? []
    : [
        `${name.padEnd(10)} ${url}`,
        ...(fingerprint === undefined ? [] : [`           SHA-256 ${fingerprint}`]),
      ];

/** What a person can do about keys that are missing. Key blocks need the transport key first. */
export const keysHelp = (refusal: string): string =>
  /no keys are loaded|the keys were erased/.test(refusal)
    ? 'stop the terminal, then `countertap keys transport`, then `countertap keys load FILE`'
    : 'stop the terminal, then `countertap keys load FILE`';

const WHAT_TO_DO = 'see `countertap journal list --refused`, then `countertap note PAYMENT`';

const forwardWords = ({ toForward, oldestToForwardSeconds: seconds }: ControlLine): string =>
  typeof seconds === 'number'
    ? `${toForward}, the oldest taken ${ageWords(seconds)} ago`
    : `${toForward}`;

const ageWords = (seconds: number): string => {
  if (seconds < 120) return `${Math.max(0, seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

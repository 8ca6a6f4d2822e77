import { toHex } from '#bytes/hex.ts';
import type { Transaction } from '#kernels/shared/kernel.ts';
import type { CaPublicKey } from '#oda/index.ts';
import { tagText } from '#tlv/tlv.ts';
import type { Exchange, Expectation, Transcript } from './transcript.ts';

/** The text of a transcript file: `parseTranscript` reads it back as it was. */
export const printTranscript = (transcript: Transcript): string => {
  const { overrides, keys, host } = transcript;
  const lines = [
    ...transcript.about.map((line) => (line === '' ? '#' : `# ${line}`)),
    `config: ${transcript.config}`,
    `clock: ${transcript.clock}`,
    `random: ${toHex(transcript.random)}`,
    `transaction: ${transactionText(transcript.transaction)}`,
    ...[...overrides].map(([tag, value]) => `set ${tagText(tag)}: ${toHex(value)}`),
    ...keys.map(keyText),
    ...(host === undefined ? [] : [`host: ${toHex(host)}`]),
    '',
    ...transcript.exchanges.flatMap(exchangeLines),
    ...transcript.expectations.map((one) => `= ${expectationText(one)}`),
  ];
  return `${lines.join('\n')}\n`;
};

/** "onlineRequest cvm=noCvm" or "9F26 20261203C3227D26". */
export const expectationText = (one: Expectation): string =>
  'tag' in one
    ? `${tagText(one.tag)} ${toHex(one.value)}`.trim()
    : [one.outcome, ...one.parameters.map(([key, value]) => `${key}=${value}`)].join(' ');

const transactionText = ({ type, amountAuthorised, amountOther, currency }: Transaction) =>
  [
    `type=${type.toString(16).padStart(2, '0')}`,
    `amount=${amountAuthorised}`,
    `other=${amountOther}`,
    `currency=${currency.toString().padStart(4, '0')}`,
  ].join(' ');

const keyText = ({ rid, index, exponent, modulus, expires }: CaPublicKey): string => {
  const e = exponent === 3 ? '03' : '010001';
  const end = expires === undefined ? '' : ` expires=${expires}`;
  return `capk ${toHex(rid)} ${toHex(Uint8Array.of(index))}: e=${e} n=${toHex(modulus)}${end}`;
};

const exchangeLines = (exchange: Exchange): string[] => {
  const command = `> ${toHex(exchange.command)}`;
  if ('fault' in exchange) return [command, `! ${exchange.fault}`];
  const { response, microseconds } = exchange;
  const time = microseconds === undefined ? '' : ` @${microseconds}us`;
  return [command, `< ${toHex(response)}${time}`];
};

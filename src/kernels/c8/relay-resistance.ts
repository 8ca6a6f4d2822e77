import { command } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { reason, reasonOf } from '../shared/outcome.ts';
import {
  type RelayClaims,
  type RelayTimes,
  relayClaims,
  relayTimeBytes,
  relayTimes,
} from '../shared/relay-resistance.ts';
import { exchange, random } from '../shared/step.ts';
import { endWithError, retry } from './outcomes.ts';
import { binaryOf, type Kernel8Run, type State, setTvr } from './run.ts';

/**
 * S21, the relay resistance protocol: a card that somebody extends over a network answers late. The
 * card says how long it takes; the reader measures, up to three times, each time with entropy of
 * its own. Whether a late card may pay is for the terminal action codes. Times in units of 100
 * microseconds. C-8
 */
export const relayResistance: State = function* (run) {
  for (let counter = 0; ; counter++) {
    const entropy = yield* random(4);
    run.data.set(tag.unpredictableNumber, entropy);
    const answer = yield* exchange(command(0x80, 0xea, 0x00, 0x00, entropy));
    if ('fault' in answer) return retry(run, answer.fault, COMMAND);
    if (answer.sw !== sw.ok) {
      run.error.sw12 = answer.sw;
      return endWithError(run, 'statusBytes', reason(`${COMMAND} answered ${swText(answer.sw)}`));
    }
    const template = soleTemplate(answer.data, tag.responseMessageTemplateFormat1);
    if (isMalformed(template)) {
      return endWithError(run, 'parsingError', reasonOf(COMMAND, template));
    }
    if (template.value.length !== 10) {
      return endWithError(run, 'parsingError', reason(`${COMMAND}: not ten bytes`));
    }
    run.relayExchange = { entropy, answer: template.value };
    const claims = relayClaims(template.value);
    const times = relayTimes(answer.microseconds, claims, configurationOf(run));
    const excess = Math.max(0, times.measured - claims.maximum);
    run.data.set(tag.relayResistanceTimeExcess, relayTimeBytes(excess));
    if (times.measured < times.least) {
      const why = reason(`${COMMAND}: faster than the card says it can be`);
      return endWithError(run, 'cardDataError', why);
    }
    if (counter < 2 && times.measured > times.most) continue;
    judge(run, claims, times);
    return 'readEnvelopes';
  }
};

const COMMAND = 'EXCHANGE RELAY RESISTANCE DATA';

const configurationOf = (run: Kernel8Run) => ({
  expectedCommand: binaryOf(run, tag.terminalExpectedTransmissionTimeForRelayResistanceCApduK8),
  expectedAnswer: binaryOf(run, tag.terminalExpectedTransmissionTimeForRelayResistanceRApduK8),
  minimumGrace: binaryOf(run, tag.minimumRelayResistanceGracePeriodK8),
  maximumGrace: binaryOf(run, tag.maximumRelayResistanceGracePeriodK8),
});

// Reader and card must agree to some percent on how long the answer is on the air, and the card
// must not take much longer than its shortest time. Unlike in C-2, a time of zero exempts from
// both. A public implementation divides by it, and one that asks thrice sends the same entropy.
const judge = (run: Kernel8Run, claims: RelayClaims, { measured, most }: RelayTimes): void => {
  if (measured > most) setTvr(run, 'relayResistanceTimeLimitsExceeded');
  const { expectedAnswer } = configurationOf(run);
  const { estimatedAnswer, minimum } = claims;
  const mismatch = binaryOf(run, tag.relayResistanceTransmissionTimeMismatchThresholdK8);
  const accuracy = binaryOf(run, tag.relayResistanceAccuracyThresholdK8);
  const exceeded =
    estimatedAnswer !== 0 &&
    expectedAnswer !== 0 &&
    ((estimatedAnswer * 100) / expectedAnswer < mismatch ||
      (expectedAnswer * 100) / estimatedAnswer < mismatch ||
      measured - minimum > accuracy);
  if (exceeded) setTvr(run, 'relayResistanceThresholdExceeded');
  setTvr(run, 'relayResistancePerformed');
};

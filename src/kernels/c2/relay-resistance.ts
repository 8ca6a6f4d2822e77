import { command } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { tagText } from '#tlv/tlv.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { reason, reasonOf } from '../shared/outcome.ts';
import { type RelayTimes, relayTimeBytes, relayTimes } from '../shared/relay-resistance.ts';
import { exchange, random } from '../shared/step.ts';
import { endWithError, retry } from './outcomes.ts';
import { binaryOf, type Kernel2Run, type State, setTvr } from './run.ts';

/**
 * SR1, the relay resistance protocol: a card that somebody extends over a network answers late. The
 * card says how long it takes; the reader measures, up to three times. Whether a late card may pay
 * is for the terminal action codes. All times in units of 100 microseconds. C-2 3.10, SR1
 */
export const relayResistance: State = function* (run) {
  for (let counter = 0; ; counter++) {
    const entropy = yield* random(4);
    run.data.set(tag.unpredictableNumber, entropy);
    run.data.set(tag.terminalRelayResistanceEntropy, entropy);
    run.data.set(tag.rrpCounter, Uint8Array.of(counter));
    const answer = yield* exchange(command(0x80, 0xea, 0x00, 0x00, entropy));
    if ('fault' in answer) return retry(run, answer.fault, COMMAND);
    if (answer.sw !== sw.ok) {
      run.error.sw12 = answer.sw;
      return endWithError(run, 'statusBytes', reason(`${COMMAND} answered ${swText(answer.sw)}`));
    }
    const problem = storeAnswer(run, answer.data);
    if (problem !== undefined) {
      return endWithError(run, 'parsingError', reasonOf(COMMAND, problem));
    }
    const times = timesOf(run, answer.microseconds);
    if (times.measured < times.least) {
      const why = reason(`${COMMAND}: faster than the card says it can be`);
      return endWithError(run, 'cardDataError', why);
    }
    if (counter < 2 && times.measured > times.most) continue;
    judge(run, times);
    return 'readRecords';
  }
};

const COMMAND = 'EXCHANGE RELAY RESISTANCE DATA';

const ANSWERED: readonly (readonly [element: number, from: number, to: number])[] = [
  [tag.deviceRelayResistanceEntropy, 0, 4],
  [tag.minTimeForProcessingRelayResistanceApdu, 4, 6],
  [tag.maxTimeForProcessingRelayResistanceApdu, 6, 8],
  [tag.deviceEstimatedTransmissionTimeForRelayResistanceRApdu, 8, 10],
];

// Format 1 alone (80) with ten bytes; each try replaces what the last one gave.
const storeAnswer = (run: Kernel2Run, data: Uint8Array): Malformed | undefined => {
  const answer = soleTemplate(data, tag.responseMessageTemplateFormat1);
  if (isMalformed(answer)) return answer;
  const { value, valueOffset } = answer;
  if (value.length !== 10) {
    return malformed([tagText(answer.tag)], valueOffset, `a length of ${value.length}, not 10`);
  }
  for (const [element, from, to] of ANSWERED) run.data.set(element, value.subarray(from, to));
  return undefined;
};

interface Times extends RelayTimes {
  /** The shortest time, that the card says it takes at least. */
  readonly min: number;
}

const timesOf = (run: Kernel2Run, microseconds: number): Times => {
  const minimum = binaryOf(run, tag.minTimeForProcessingRelayResistanceApdu);
  const claims = {
    minimum,
    maximum: binaryOf(run, tag.maxTimeForProcessingRelayResistanceApdu),
    estimatedAnswer: binaryOf(run, tag.deviceEstimatedTransmissionTimeForRelayResistanceRApdu),
  };
  const times = relayTimes(microseconds, claims, {
    expectedCommand: binaryOf(run, tag.terminalExpectedTransmissionTimeForRelayResistanceCApduK2),
    expectedAnswer: binaryOf(run, tag.terminalExpectedTransmissionTimeForRelayResistanceRApduK2),
    minimumGrace: binaryOf(run, tag.minimumRelayResistanceGracePeriodK2),
    maximumGrace: binaryOf(run, tag.maximumRelayResistanceGracePeriod),
  });
  run.data.set(tag.measuredRelayResistanceProcessingTime, relayTimeBytes(times.measured));
  return { ...times, min: minimum };
};

const judge = (run: Kernel2Run, { measured, min, most }: Times): void => {
  if (measured > most) setTvr(run, 'relayResistanceTimeLimitsExceeded');
  const expected = binaryOf(run, tag.terminalExpectedTransmissionTimeForRelayResistanceRApduK2);
  const estimated = binaryOf(run, tag.deviceEstimatedTransmissionTimeForRelayResistanceRApdu);
  const mismatch = binaryOf(run, tag.relayResistanceTransmissionTimeMismatchThresholdK2);
  const accuracy = binaryOf(run, tag.relayResistanceAccuracyThresholdK2);
  // Reader and card must agree to some percent on how long the answer is on the air, and the card
  // must not take much longer than its shortest time.
  const exceeded =
    estimated === 0 ||
    expected === 0 ||
    (estimated * 100) / expected < mismatch ||
    (expected * 100) / estimated < mismatch ||
    measured - min > accuracy;
  if (exceeded) setTvr(run, 'relayResistanceThresholdExceeded');
  setTvr(run, 'relayResistancePerformed');
};

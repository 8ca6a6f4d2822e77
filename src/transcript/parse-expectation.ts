import { fromHex } from '#bytes/hex.ts';
import type { OutcomeName } from '#kernels/shared/outcome.ts';
import { assignments, tagOf } from './parse-header.ts';
import { type Expectation, OUTCOME_PARAMETERS, type OutcomeParameter } from './transcript.ts';

const OUTCOMES: readonly OutcomeName[] = [
  'selectNext',
  'tryAgain',
  'approved',
  'declined',
  'onlineRequest',
  'requestOnlinePin',
  'tryAnotherInterface',
  'endApplication',
];

/** What stands behind `=`, "onlineRequest cvm=noCvm" or "9F26 20261203…"; or what is wrong. */
export const parseExpectation = (text: string): Expectation | string => {
  const [first = ''] = text.split(/\s+/);
  const rest = text.slice(first.length).trim();
  const outcome = OUTCOMES.find((name) => name === first);
  if (outcome !== undefined) {
    const parameters = readParameters(rest);
    return typeof parameters === 'string' ? parameters : { outcome, parameters };
  }
  const tag = tagOf(first);
  if (tag === undefined) return `"${first}" is neither an outcome nor a tag`;
  const value = fromHex(rest);
  return value === undefined ? 'expected the value in hexadecimal' : { tag, value };
};

const readParameters = (text: string): [OutcomeParameter, string][] | string => {
  const words = assignments(text);
  if (words === undefined) return 'expected parameters such as cvm=noCvm, each once';
  const parameters: [OutcomeParameter, string][] = [];
  for (const [key, value] of words) {
    const parameter = OUTCOME_PARAMETERS.find((one) => one === key);
    if (parameter === undefined) return `an outcome has no parameter "${key}" to compare`;
    parameters.push([parameter, value]);
  }
  return parameters;
};

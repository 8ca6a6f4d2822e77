import * as v from 'valibot';
import { amountText } from '#data/amount.ts';
import { namesOf } from './limits.ts';
import { changeRequest, problemIn } from './schema.ts';
import { combinationsOf, limitOfSet } from './sets.ts';
import { configuredWords, isSame, placeholderProblem } from './texts.ts';
import {
  type Configured,
  isSettingsProblem,
  type Overlay,
  type SettingsProblem,
  settingsProblem,
} from './types.ts';

/**
 * The shop's changes after one more.
 * @param input a `SettingsChange` from outside
 * @returns a problem that names the field; then nothing may change
 */
export const changedOverlay = (
  configured: Configured,
  overlay: Overlay,
  input: unknown,
): Overlay | SettingsProblem => {
  const parsed = v.safeParse(changeRequest, input, { abortEarly: true });
  if (!parsed.success) return problemIn(parsed.issues[0]);
  const { limits = [], texts = [] } = parsed.output;
  if (limits.length + texts.length === 0) return settingsProblem('', 'nothing is to be changed');
  const newLimits = changedLimits(configured, overlay, limits);
  if (isSettingsProblem(newLimits)) return newLimits;
  const newTexts = changedTexts(configured, overlay, texts);
  if (isSettingsProblem(newTexts)) return newTexts;
  return { limits: newLimits, texts: newTexts };
};

type Request = v.InferOutput<typeof changeRequest>;

const changedLimits = (
  configured: Configured,
  overlay: Overlay,
  asked: NonNullable<Request['limits']>,
): Overlay['limits'] | SettingsProblem => {
  const combinations = combinationsOf(configured);
  const { currency, contactless } = configured;
  const limits = new Map(overlay.limits.map((one) => [`${one.set} ${one.name}`, one]));
  const seen = new Set<string>();
  for (const [index, { set, name, minor }] of asked.entries()) {
    const key = `${set} ${name}`;
    const field = `limits.${index}`;
    const own = combinations[set];
    if (own === undefined) {
      return settingsProblem(`${field}.set`, `there are sets 0 to ${combinations.length - 1}`);
    }
    if (!namesOf(own).includes(name)) {
      return settingsProblem(`${field}.name`, 'this set has no such limit');
    }
    if (seen.has(key)) return settingsProblem(field, 'this limit was named before in this change');
    seen.add(key);
    const highest = limitOfSet(own, name, contactless.terminal);
    if (minor !== null && highest !== undefined && minor > highest) {
      const found = amountText(minor, currency);
      const problem = `${found} is above the configured ${amountText(highest, currency)}`;
      return settingsProblem(`${field}.minor`, problem);
    }
    if (minor === null || minor === highest) limits.delete(key);
    else limits.set(key, { set, name, minor });
  }
  return [...limits.values()];
};

const changedTexts = (
  configured: Configured,
  overlay: Overlay,
  asked: NonNullable<Request['texts']>,
): Overlay['texts'] | SettingsProblem => {
  const texts = new Map(overlay.texts.map((one) => [`${one.language} ${one.screen}`, one]));
  const seen = new Set<string>();
  for (const [index, { language, screen, words }] of asked.entries()) {
    const key = `${language} ${screen}`;
    const field = `texts.${index}`;
    if (!Object.hasOwn(configured.texts, language)) {
      const known = Object.keys(configured.texts).join(', ');
      return settingsProblem(`${field}.language`, `there are texts in ${known}`);
    }
    const before = configuredWords(configured, language, screen);
    if (before === undefined) {
      return settingsProblem(`${field}.screen`, 'there is no such screen');
    }
    if (seen.has(key)) return settingsProblem(field, 'this screen was named before in this change');
    seen.add(key);
    const wrong = words && placeholderProblem(words, before);
    if (wrong) return settingsProblem(`${field}.words.${wrong.line}`, wrong.problem);
    if (words === null || isSame(words, before)) texts.delete(key);
    else texts.set(key, { language, screen, words });
  }
  return [...texts.values()];
};

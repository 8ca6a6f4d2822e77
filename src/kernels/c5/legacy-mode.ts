import { tag } from '#data/dictionary.ts';
import { ARQC } from '../shared/cryptogram-type.ts';
import { reason } from '../shared/outcome.ts';
import { showUi } from '../shared/step.ts';
import { verifyByList } from './cardholder-verification.ts';
import { readLegacyAnswer } from './cryptogram-answer.ts';
import { askForCryptogram } from './generate-ac.ts';
import { onlineRequest } from './online-request.ts';
import { declined, message } from './outcomes.ts';
import type { Phase } from './run.ts';

/** C-5, legacy mode: a card of before EMV mode is asked for an ARQC without signature alone. */
export const legacyGenerateAc: Phase = function* (run) {
  const data = yield* askForCryptogram(run, ARQC << 6);
  if ('ended' in data) return data.ended;
  const answer = readLegacyAnswer(run, data);
  if ('why' in answer) return declined(run, answer);
  yield* showUi(message(run, '17', 'cardReadSuccessfully'));
  if (answer.type !== ARQC) {
    return declined(run, reason('the card gave no ARQC', tag.cryptogramInformationData));
  }
  const refused = verifyByList(run);
  return refused === undefined ? onlineRequest(run) : declined(run, refused);
};

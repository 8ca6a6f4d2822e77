import { command } from '#apdu/command.ts';
import { sw } from '#apdu/status-words.ts';
import { tag } from '#data/dictionary.ts';
import { exchange, type Step } from '../shared/step.ts';
import { cardReadOk, MORE_TO_COME } from './generate-ac.ts';
import { type Envelope, type Kernel8Run, type State, tvrBit } from './run.ts';
import { confirmedByCard, encryptToCard } from './secure-channel.ts';

/**
 * WRITE DATA for each envelope, to a card that is proven. What fails ends the writing and
 * leaves Write Data Status without its bit 8; the payment stands. Decided that a card that leaves
 * the field now is no other failure: its cryptogram is there. C-8
 */
export const writeEnvelopes: State = function* (run) {
  const pending = run.envelopesToWriteYet;
  run.envelopesToWriteYet = [];
  if (pending.length === 0) return 'complete';
  const proven =
    !tvrBit(run, 'localAuthenticationNotPerformed') && !tvrBit(run, 'localAuthenticationFailed');
  if (proven && (yield* writeAll(run, pending))) {
    run.data.set(tag.writeDataStatus, Uint8Array.of(0x80));
  }
  yield* cardReadOk(run);
  return 'complete';
};

function* writeAll(run: Kernel8Run, pending: readonly Envelope[]): Step<boolean> {
  for (const [at, envelope] of pending.entries()) {
    const cipher = encryptToCard(run.channel, envelope);
    if (cipher === undefined || cipher.length > 255) return false;
    const moreToCome = at + 1 < pending.length ? MORE_TO_COME : 0x00;
    const answer = yield* exchange(command(0x84, 0x34, 0x00, moreToCome, cipher));
    if ('fault' in answer || answer.sw !== sw.ok) return false;
    if (!confirmedByCard(run.channel, envelope, answer.data)) return false;
  }
  return true;
}

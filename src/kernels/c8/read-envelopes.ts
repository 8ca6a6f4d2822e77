import { command } from '#apdu/command.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { tagBytes, tagText } from '#tlv/tlv.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { exchange } from '../shared/step.ts';
import { parseAndStore } from './database.ts';
import { retry } from './outcomes.ts';
import type { Kernel8Run, State } from './run.ts';
import { openFromCard } from './secure-channel.ts';

/**
 * READ DATA for each envelope that the terminal wants to read. An envelope that can't be read
 * or believed only leaves Read Data Status without its bit 8. C-8
 */
export const readEnvelopes: State = function* (run) {
  const wanted = run.tagsToReadYet;
  run.tagsToReadYet = [];
  for (const envelope of wanted) {
    const answer = yield* exchange(command(0x84, 0x32, 0x00, 0x00, tagBytes(envelope)));
    if ('fault' in answer) return retry(run, answer.fault, `READ DATA ${tagText(envelope)}`);
    const read = answer.sw === sw.ok && store(run, envelope, answer.data);
    if (!read) run.data.set(tag.readDataStatus, Uint8Array.of(0));
  }
  return run.recordsRead ? 'awaitFirstWrite' : 'readRecords';
};

const store = (run: Kernel8Run, envelope: number, message: Uint8Array): boolean => {
  const plain = openFromCard(run.channel, message);
  if (plain === undefined) return false;
  const object = soleTemplate(plain, envelope);
  // As a template around it: the object itself is what is stored.
  return (
    !isMalformed(object) &&
    parseAndStore(run, { ...object, value: plain, valueOffset: 0 }) === undefined
  );
};

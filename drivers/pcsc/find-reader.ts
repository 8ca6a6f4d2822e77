import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, fault } from '#ports/fault.ts';
import { startReaderProcess } from './process-link.ts';
import { defaultSocketPath, serviceAnswers } from './service-probe.ts';
import { chooseReader, noReader, type View, withSighting } from './sightings.ts';

/**
 * The name of the reader that `openPcscReader` would work with. It is looked for by a reader
 * process that connects to nothing and tells no reader anything, so a terminal that sells with that
 * reader at this moment doesn't notice. Faults are `serviceDown`, `readerLost` and `aborted`.
 * @param readerName beginning of the reader's name; without it the first contactless one
 */
export const findReader = async (
  readerName: string | undefined,
  signal: AbortSignal,
  socketPath: string = defaultSocketPath(),
): Promise<string | Fault> => {
  if (!(await serviceAnswers(socketPath, SERVICE_WITHIN_MS))) {
    return fault('serviceDown', `no answer at ${socketPath}`);
  }
  if (signal.aborted) return ABORTED;
  let view: View = [];
  const found = Promise.withResolvers<string>();
  const process = startReaderProcess(socketPath, true, (sighting) => {
    view = withSighting(view, sighting);
    const reader = chooseReader(view, readerName);
    if (reader !== undefined) found.resolve(reader.name);
  });
  const aborted = Promise.withResolvers<Fault>();
  const onAbort = (): void => aborted.resolve(ABORTED);
  signal.addEventListener('abort', onAbort);
  const none = process.ready
    .then(() => sleep(SIGHTINGS_WITHIN_MS, undefined, { ref: false }))
    .then(() => noReader(view, readerName));
  const outcome = await Promise.race([found.promise, process.ended, aborted.promise, none]);
  signal.removeEventListener('abort', onAbort);
  await process.kill(ABORTED);
  return outcome;
};

const SERVICE_WITHIN_MS = 1500;
/** The service says which readers there are as soon as it is asked; without any it says nothing. */
const SIGHTINGS_WITHIN_MS = 1000;
const ABORTED = fault('aborted', 'nobody looks for a reader any more');

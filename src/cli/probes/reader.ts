import { findReader } from '#drivers/pcsc/index.ts';
import type { FaultKind } from '#ports/fault.ts';
import { isFault } from '#ports/fault.ts';
import type { Probe } from '#ports/finding.ts';
import type { Configuration } from '../load-configuration.ts';
import { bounded } from './bounded.ts';

/**
 * Whether the configured reader is there. It is only listed: a terminal that sells with it at this
 * moment doesn't notice.
 */
export const readerProbe = ({ terminal }: Pick<Configuration, 'terminal'>): Probe =>
  bounded('reader', WITHIN_MS, RESTART, async (signal) => {
    const { kind, name } = terminal.reader;
    if (kind === 'in-process') return { well: 'the reader is the one in the process itself' };
    const reader = await findReader(name, signal);
    if (!isFault(reader)) return { well: `the reader is there: ${reader}` };
    const { fault, detail } = reader;
    const wrong = `${FOUND[fault] ?? 'no reader can be looked for'}: ${detail}`;
    return { wrong, remedy: REMEDIES[fault] ?? RESTART };
  });

const WITHIN_MS = 12_000;

const FOUND: Partial<Record<FaultKind, string>> = {
  serviceDown: "the smart card service (pcscd) isn't there",
  readerLost: 'no card reader is there that this terminal works with',
};

const RESTART = 'start the smart card service anew: systemctl restart pcscd';

const REMEDIES: Partial<Record<FaultKind, string>> = {
  serviceDown: 'start it: systemctl start pcscd.socket; then look at: journalctl -u pcscd',
  readerLost: 'plug the reader in, or see to "reader.name" in terminal.json',
};

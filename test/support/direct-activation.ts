import { hex, toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import type { Kernel, KernelInput } from '#kernels/shared/kernel.ts';
import { outcome } from '#kernels/shared/outcome.ts';
import { type LabCard, OTHER } from './lab-port.ts';

/** A reader for purchases with one combination, whose kernel keeps what it was given. */
export const readerWith = (more: Partial<ReaderConfiguration>, inputs: KernelInput[] = []) => {
  const kernel: Kernel = function* (input) {
    inputs.push(input);
    return outcome('approved');
  };
  const reader: ReaderConfiguration = {
    combinations: new Map([
      [0, [{ aid: hex(OTHER), kernelId: '22', entryPoint: {}, data: new Map() }]],
    ]),
    terminal: new Map(),
    kernels: new Map([['22', kernel]]),
    currencyExponents: new Map(),
    ...more,
  };
  return reader;
};

/** Entry Point without the lab port, for what the port has no words for. */
export const tapDirectly = (reader: ReaderConfiguration, card: LabCard) => {
  const commands: string[] = [];
  const step = activate(reader, newTransaction, {
    start: 'A',
    transaction: { type: 0, amountAuthorised: 1, amountOther: 0, currency: 840 },
    transactionData: new Map([[tag.amountAuthorisedNumeric, hex('000000000001')]]),
  });
  let next = step.next();
  while (next.done !== true) {
    const { value: ask } = next;
    if (ask.ask === 'exchange') {
      commands.push(toHex(ask.command));
      const answer = card(toHex(ask.command));
      next = step.next(
        typeof answer === 'string'
          ? { to: 'exchange', response: hex(answer), microseconds: 0 }
          : { to: 'exchange', ...answer },
      );
    } else if (ask.ask === 'card') next = step.next({ to: 'card', card: 'present' });
    else if (ask.ask === 'random') {
      next = step.next({ to: 'random', bytes: new Uint8Array(ask.length) });
    } else next = step.next(ask.ask === 'ui' ? { to: 'ui' } : { to: 'field' });
  }
  const end: ActivationEnd = next.value;
  return { commands, end };
};

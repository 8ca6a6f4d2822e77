import { toHex } from '#bytes/hex.ts';
import type { DataMap } from '#kernels/shared/kernel.ts';
import type { Answer, Ask, CardFault, Step } from '#kernels/shared/step.ts';
import type { UiRequest } from '#kernels/shared/ui-request.ts';

/** A card as a function: the whole answer with its status word, or what went wrong instead. */
export type ScriptedCard = (command: Uint8Array, index: number) => Uint8Array | CardFault;

export interface Played<Result> {
  readonly result: Result;
  /** Commands in upper-case hexadecimal, in order. */
  readonly commands: readonly string[];
  readonly ui: readonly UiRequest[];
  readonly fields: readonly { readonly on: boolean; readonly holdMs: number }[];
}

export interface Play {
  /** Microseconds each command takes; 1000 if not said. */
  readonly microseconds?: (command: Uint8Array, index: number) => number;
  /** Repeated as often as random bytes are asked for. */
  readonly random?: Uint8Array;
  /** The terminal's part of kernel 2's data exchange; not answering lets the time pass. */
  readonly dataExchange?: (ask: Ask & { ask: 'dataExchange' }) => DataMap | null;
  /** Commands after which a step counts as running for ever. */
  readonly atMost?: number;
}

/** Runs a step of the core to its end against a scripted card, without waiting for anything. */
export const play = <Result>(
  step: Step<Result>,
  card: ScriptedCard,
  {
    microseconds = () => 1000,
    random = Uint8Array.of(0xab),
    atMost = 1000,
    dataExchange = () => null,
  }: Play = {},
): Played<Result> => {
  const commands: string[] = [];
  const ui: UiRequest[] = [];
  const fields: { on: boolean; holdMs: number }[] = [];
  const answerTo = (ask: Ask): Answer => {
    switch (ask.ask) {
      case 'exchange': {
        const index = commands.push(toHex(ask.command)) - 1;
        if (index >= atMost) throw new RangeError(`still running after ${atMost} commands`);
        const response = card(ask.command, index);
        return typeof response === 'string'
          ? { to: 'exchange', fault: response }
          : { to: 'exchange', response, microseconds: microseconds(ask.command, index) };
      }
      case 'ui':
        ui.push(ask.request);
        return { to: 'ui' };
      case 'field':
        fields.push({ on: ask.on, holdMs: ask.holdMs });
        return { to: 'field' };
      case 'card':
        return { to: 'card', card: 'present' };
      case 'random':
        return { to: 'random', bytes: repeated(random, ask.length) };
      case 'dataExchange':
        return { to: 'dataExchange', data: dataExchange(ask) };
      case 'clearance':
        return { to: 'clearance' };
      case 'kernel':
        throw new TypeError(`no kernel ${ask.kernelId} is played here`);
    }
  };
  let turn = step.next();
  while (!turn.done) turn = step.next(answerTo(turn.value));
  return { result: turn.value, commands, ui, fields };
};

const repeated = (bytes: Uint8Array, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0);

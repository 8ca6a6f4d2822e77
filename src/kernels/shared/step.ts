import type { CommandApdu } from '#apdu/command.ts';
import { type ResponseApdu, splitResponse } from '#apdu/response.ts';
import type { DataMap, KernelInput } from './kernel-input.ts';
import type { DataElement, Outcome } from './outcome.ts';
import type { UiRequest } from './ui-request.ts';

/** What went wrong on the way to the card, as the kernels know it: Book A's Level 1 errors. */
export type CardFault = 'timeout' | 'transmission' | 'protocol';

/**
 * What the contactless core asks of the world. It asks; it never does: no clock, no entropy, no
 * reader and no display inside, so that any tap can be replayed exactly.
 */
export type Ask =
  | { readonly ask: 'exchange'; readonly command: CommandApdu }
  | { readonly ask: 'card' }
  | { readonly ask: 'random'; readonly length: number }
  | { readonly ask: 'ui'; readonly request: UiRequest }
  | { readonly ask: 'field'; readonly on: boolean; readonly holdMs: number }
  /**
   * Kernel 2's data exchange (signals DEK and DET), asked only where `KernelInput.dataExchange` is
   * set: here is what you wanted to read, and I need these elements within this time.
   */
  | {
      readonly ask: 'dataExchange';
      readonly send: readonly DataElement[];
      readonly needed: readonly number[];
      readonly timeoutMs: number;
    }
  /**
   * The next command asks the card for a cryptogram. Asked only where `KernelInput.clearance` is
   * set; a terminal that doesn't want it takes the card's power away and never answers.
   */
  | { readonly ask: 'clearance'; readonly card: CardSoFar }
  /** Only of a test kernel, whose part a certification lab plays: never in a shop. */
  | { readonly ask: 'kernel'; readonly kernelId: string; readonly input: KernelInput };

/** What a card has told before it is asked for a cryptogram. */
export interface CardSoFar {
  /** Upper-case hexadecimal: "03". */
  readonly kernelId: string;
  readonly adfName: Uint8Array;
  /** A data element's value, card data before all. Account data: for memory only. */
  readonly known: (tag: number) => Uint8Array | undefined;
}

export type Answer =
  | { readonly to: 'exchange'; readonly response: Uint8Array; readonly microseconds: number }
  | { readonly to: 'exchange'; readonly fault: CardFault }
  | {
      readonly to: 'card';
      /** `fault`: the card could not be powered up. `timeout`: nobody presented one in time. */
      readonly card: 'present' | 'collision' | 'removed' | 'timeout' | 'fault';
    }
  | { readonly to: 'random'; readonly bytes: Uint8Array }
  | { readonly to: 'ui' }
  | { readonly to: 'field' }
  | { readonly to: 'clearance' }
  /** Null: the time is over. */
  | { readonly to: 'dataExchange'; readonly data: DataMap | null }
  | { readonly to: 'kernel'; readonly outcome: Outcome };

/** A piece of the core: yields what it asks, receives the answer, returns its result. */
export type Step<Result> = Generator<Ask, Result, Answer>;

/** A card's answer with the time it took, or why there is none. */
export type Exchanged =
  | (ResponseApdu & { readonly microseconds: number })
  | { readonly fault: CardFault };

export function* exchange(command: CommandApdu): Step<Exchanged> {
  const answer = expect('exchange', yield { ask: 'exchange', command });
  if ('fault' in answer) return { fault: answer.fault };
  return { ...splitResponse(answer.response), microseconds: answer.microseconds };
}

export function* waitForCard(): Step<(Answer & { to: 'card' })['card']> {
  return expect('card', yield { ask: 'card' }).card;
}

/** A fresh Unpredictable Number (9F37) or other entropy. */
export function* random(length: number): Step<Uint8Array> {
  return expect('random', yield { ask: 'random', length }).bytes;
}

export function* showUi(request: UiRequest): Step<void> {
  expect('ui', yield { ask: 'ui', request });
}

export function* setField(on: boolean, holdMs = 0): Step<void> {
  expect('field', yield { ask: 'field', on, holdMs });
}

/** What the terminal answers to data exchange; null if it lets the time pass. C-2 3.8 */
export function* exchangeData(
  send: readonly DataElement[],
  needed: readonly number[],
  timeoutMs: number,
): Step<DataMap | null> {
  return expect('dataExchange', yield { ask: 'dataExchange', send, needed, timeoutMs }).data;
}

/** Before the first command that makes the card compute a cryptogram. */
export function* clearance(
  input: KernelInput,
  kernelId: string,
  known: CardSoFar['known'],
): Step<void> {
  if (input.clearance !== true) return;
  expect(
    'clearance',
    yield { ask: 'clearance', card: { kernelId, adfName: input.adfName, known } },
  );
}

/** A kernel that is played from outside. */
export function* testKernel(kernelId: string, input: KernelInput): Step<Outcome> {
  return expect('kernel', yield { ask: 'kernel', kernelId, input }).outcome;
}

const expect = <Kind extends Answer['to']>(kind: Kind, answer: Answer): Answer & { to: Kind } => {
  // Only a runner with a bug answers a question that wasn't asked.
  if (answer.to !== kind) throw new TypeError(`asked for ${kind}, answered ${answer.to}`);
  return answer as Answer & { to: Kind };
};

import { Subject } from 'rxjs';
import type { TillCaller, TillDesk, TillNotification } from '#ports/till-line.ts';

export interface FakeDesk extends TillDesk {
  /** What came, oldest first. */
  readonly heard: readonly { readonly text: string; readonly caller: TillCaller }[];
  notify(told: TillNotification): void;
  /** Answers a message that said "wait". */
  release(): void;
}

/** Echoes; says nothing to "nothing", waits with "wait…", and breaks down at "break". */
export const fakeDesk = (): FakeDesk => {
  const heard: { text: string; caller: TillCaller }[] = [];
  const waiting: (() => void)[] = [];
  const told = new Subject<TillNotification>();
  return {
    heard,
    notifications$: told.asObservable(),
    notify: (one) => told.next(one),
    release: () => {
      for (const one of waiting.splice(0)) one();
    },
    receive: async (message, caller) => {
      const text = new TextDecoder().decode(message);
      heard.push({ text, caller });
      if (text === 'nothing') return undefined;
      if (text === 'break') throw new Error(`a bug with ${text}`);
      if (text.includes('wait')) await new Promise<void>((resolve) => waiting.push(resolve));
      return bytes(`echo ${text}`);
    },
  };
};

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

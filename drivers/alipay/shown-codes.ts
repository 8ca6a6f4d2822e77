/**
 * Orders with a code of ours that a phone may still scan. Alipay has no trade for them before that,
 * and a cancel finds nothing to close: only when the code has run out is "unknown" the last word.
 */
export interface ShownCodes {
  note(orderId: string, forMs: number): void;
  live(orderId: string): boolean;
  forget(orderId: string): void;
}

export const shownCodes = (wallMs: () => number): ShownCodes => {
  const until = new Map<string, number>();
  const live = (orderId: string): boolean => (until.get(orderId) ?? 0) > wallMs();
  return {
    note: (orderId, forMs) => {
      for (const known of [...until.keys()]) if (!live(known)) until.delete(known);
      until.set(orderId, wallMs() + forMs);
    },
    live,
    forget: (orderId) => void until.delete(orderId),
  };
};

/** A card that was read for a till, to pay by later. */
export interface Acquired {
  readonly saleId: string;
  /** The key store's token of the card. */
  readonly cardToken: string;
}

/** Cards that were read and have not paid yet, by the id that the till was told. */
export interface Acquisitions {
  find(transactionId: string, saleId: string): Acquired | undefined;
  keep(transactionId: string, acquired: Acquired): void;
  /** It has paid: it is not to pay twice. */
  used(transactionId: string): void;
}

/**
 * In memory only: a till whose terminal was restarted has the card read again, and no money was
 * moved by the first reading.
 */
export const createAcquisitions = (): Acquisitions => {
  const acquired = new Map<string, Acquired>();
  return {
    find: (transactionId, saleId) => {
      const found = acquired.get(transactionId);
      return found?.saleId === saleId ? found : undefined;
    },
    keep: (transactionId, one) => {
      acquired.set(transactionId, one);
      const [oldest] = acquired.keys();
      if (acquired.size > MOST && oldest !== undefined) acquired.delete(oldest);
    },
    used: (transactionId) => {
      acquired.delete(transactionId);
    },
  };
};

const MOST = 100;

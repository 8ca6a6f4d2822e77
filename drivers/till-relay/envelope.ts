/** What the terminal says to the relay. docs/till-relay.md */
export type FromTerminal =
  | { readonly hello: 1; readonly poiId: string }
  /** `answer` is null where nexo has none. */
  | { readonly id: string; readonly answer: string | null }
  /** It was not taken: the same may be sent again, later. */
  | { readonly id: string; readonly error: string }
  | { readonly notification: string; readonly saleId?: string };

/** What the relay says to the terminal. */
export type FromRelay =
  | { readonly id: string; readonly message: string }
  | { readonly id: string; readonly acknowledged: true };

/** Longest message, as over HTTPS; a frame holds it as JSON text, which may escape every byte. */
export const LONGEST_MESSAGE = 256 * 1024;
export const LONGEST_FRAME = 2 * LONGEST_MESSAGE;
const LONGEST_ID = 128;

/** A frame of the relay; undefined when it is none. */
export const fromRelay = (text: string): FromRelay | undefined => {
  const json = jsonOf(text);
  if (typeof json !== 'object' || json === null) return undefined;
  const { id, message, acknowledged } = json as Record<string, unknown>;
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID) return undefined;
  if (typeof message === 'string' && Buffer.byteLength(message) <= LONGEST_MESSAGE) {
    return { id, message };
  }
  return acknowledged === true ? { id, acknowledged } : undefined;
};

// Other keys than those we know may come with later versions.
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

import type { ReaderState } from '#ports/card-reader.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Sighting } from './messages.ts';
import { quirksOf } from './quirks.ts';
import type { Silenced } from './silence.ts';

export interface SeenCard {
  readonly number: number;
  readonly atr: Uint8Array;
}

/** One slot as the service last described it. */
export interface SeenReader {
  readonly name: string;
  readonly card: SeenCard | undefined;
  /** Monotonic milliseconds of the last change; undefined before the first word about its card. */
  readonly sinceMs: number | undefined;
}

/** All slots, in the service's order. */
export type View = readonly SeenReader[];

/** The view after one more sighting. */
export const withSighting = (view: View, sighting: Sighting): View => {
  const { kind, reader: name } = sighting;
  if (kind === 'readerGone') return view.filter((slot) => slot.name !== name);
  if (kind === 'reader') return [...view, { name, card: undefined, sinceMs: undefined }];
  const card = kind === 'card' ? { number: sighting.number, atr: sighting.atr } : undefined;
  return view.map((slot) => {
    const isNews =
      slot.name === name && (slot.sinceMs === undefined || slot.card?.number !== card?.number);
    return isNews ? { name, card, sinceMs: sighting.atMs } : slot;
  });
};

/**
 * The slot we work with: the one whose name begins with `wanted`, else the first that is
 * contactless. Readers with a SAM or contact slot show up as several readers.
 */
export const chooseReader = (view: View, wanted: string | undefined): SeenReader | undefined =>
  wanted === undefined
    ? view.find((slot) => quirksOf(slot.name).contactless)
    : view.find((slot) => slot.name.startsWith(wanted));

/** Why there is no reader though the service is there. */
export const noReader = (view: View, wanted: string | undefined): Fault => {
  if (view.length === 0) return fault('readerLost', 'no reader is attached');
  const names = view.map((slot) => slot.name).join(', ');
  const looked = wanted === undefined ? 'none is contactless' : `none is called ${wanted}`;
  return fault('readerLost', `${looked}: ${names}`);
};

/** A slot that we know all about. */
export type KnownReader = SeenReader & { readonly sinceMs: number };

export const isKnown = (reader: SeenReader): reader is KnownReader => reader.sinceMs !== undefined;

/** What the port tells about a slot. */
export const stateOf = (reader: KnownReader, silenced: Silenced | undefined): ReaderState => ({
  reader: 'present',
  name: reader.name,
  card: reader.card === undefined ? 'absent' : 'present',
  sinceMs: reader.sinceMs,
  ...(silenced === undefined ? {} : { silenced }),
});

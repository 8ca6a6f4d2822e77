/** A till's word as a log may have it: short, and no number that could be a card's. */
export const short = (word: string | undefined): string | undefined =>
  word?.replaceAll(/[0-9](?:[ -]?[0-9]){12,}/g, '*').slice(0, MOST);

const MOST = 60;

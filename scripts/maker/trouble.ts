/** What a maker can mend: printed as it stands, without a stack. */
export class Trouble extends Error {}

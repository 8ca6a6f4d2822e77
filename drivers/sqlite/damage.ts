/** Thrown inside this driver only, where a journal isn't what was written; a `Fault` outside. */
export class Damage extends Error {
  /** The entry at which it shows; 0 when it is the file as a whole. */
  readonly sequence: number;
  readonly problem: string;

  constructor(sequence: number, problem: string) {
    super(sequence === 0 ? problem : `entry ${sequence}: ${problem}`);
    this.sequence = sequence;
    this.problem = problem;
  }
}

/** What can go wrong in the world outside. Faults are returned as values, never thrown. */
export type FaultKind =
  | 'timeout' // no answer before the deadline
  | 'cardLost' // torn away, or not there any more
  | 'transmission' // the bytes arrived damaged, or the reader reports a communication error
  | 'protocol' // the answer breaks the transport protocol, or the card can't be powered up
  | 'readerLost' // unplugged, or none attached
  | 'serviceDown' // the smart card service (pcscd) or its process is away
  | 'linkDown' // no connection to the host
  | 'journal' // nothing can be written down, or what was written can't be trusted
  | 'keys' // no key to protect account data with: none loaded, erased, or unreadable
  | 'people' // who may sign in can't be read or written: nobody is let in
  | 'device' // a scanner, printer or line display: away, without paper, or not what was expected
  | 'disk' // a file of an installation can't be read or written
  | 'aborted'; // we gave up: cancelled by till, cashier or shopper

export interface Fault {
  readonly fault: FaultKind;
  /** One sentence for a technician: what happened, where. Holds no account data. */
  readonly detail: string;
}

export const fault = (kind: FaultKind, detail: string): Fault => ({ fault: kind, detail });

export const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' && value !== null && 'fault' in value;

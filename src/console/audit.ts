import type { Subscription } from 'rxjs';
import type { Clock } from '#ports/clock.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Role } from '#ports/people.ts';

/** One line of the audit log, as the console writes it. */
export interface AuditLine {
  /** Wall clock. */
  readonly atMs: number;
  /** "nobody" where nobody is signed in. */
  readonly person: string;
  readonly role: Role | 'unknown';
  readonly from: 'console' | 'command line';
  readonly action: string;
  readonly subject: string;
  readonly outcome: 'done' | 'refused';
  readonly says: string;
}

/** A line as it is read back. */
export interface AuditEntry extends Omit<AuditLine, 'role'> {
  readonly role: string;
  readonly sequence: number;
}

/** Where the lines are kept. */
export interface AuditLog {
  /** On the disk when it resolves. */
  write(line: AuditLine): Promise<Fault | undefined>;
  /** Newest first. */
  read(count: number): Promise<readonly AuditEntry[] | Fault>;
}

/** What the console tells the audit log. */
export interface Auditor {
  /** Before something is done, where it must not be done unwritten; else after it. */
  done(line: Told): Promise<Fault | undefined>;
  /**
   * The same again and again is summed up, a line a minute: whoever tries 10,000 times must not
   * fill the journal.
   * @param address where it came from
   */
  refused(line: Told, address: string): void;
  /** Resolves when all that was told is written, sums too. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export type Told = Omit<AuditLine, 'atMs' | 'from' | 'outcome'>;

/** So many lines of one kind are written as they come; then they are counted. */
export const WRITTEN_AS_THEY_COME = 3;
export const SUMMED_UP_MS = 60_000;
/** Kinds that are told apart at a time; what is more goes with the last. */
const MOST_KINDS = 200;
const ADDRESSES_NAMED = 3;

interface Kind {
  readonly line: Told;
  seen: number;
  counted: number;
  readonly addresses: Set<string>;
}

export const createAuditor = (
  audit: AuditLog,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Auditor => {
  const kinds = new Map<string, Kind>();
  let writing: Promise<unknown> = Promise.resolve();
  let timer: Subscription | undefined;
  let closed = false;

  const write = (line: Told, outcome: AuditLine['outcome']): Promise<Fault | undefined> => {
    const written = audit
      .write({ ...line, atMs: clock.wallMs(), from: 'console', outcome })
      .then((problem) => {
        if (isFault(problem)) log.error({ problem, action: line.action }, 'audit log');
        return problem;
      });
    writing = Promise.all([writing, written]);
    return written;
  };
  const sumUp = (): void => {
    for (const [key, kind] of kinds) {
      if (kind.counted === 0) kinds.delete(key);
      else void write({ ...kind.line, says: sum(kind) }, 'refused');
      kind.counted = 0;
      kind.addresses.clear();
    }
  };
  const schedule = (): void => {
    if (closed || timer !== undefined) return;
    timer = clock.scheduler.schedule(() => {
      timer = undefined;
      sumUp();
      if (kinds.size > 0) schedule();
    }, SUMMED_UP_MS);
  };
  const kindOf = (line: Told): Kind => {
    const key = [line.person, line.action, line.subject, line.says].join('\n');
    const known = kinds.get(key) ?? (kinds.size < MOST_KINDS ? undefined : kinds.get(REST_KEY));
    if (known !== undefined) return known;
    const isRest = kinds.size >= MOST_KINDS;
    const fresh = { line: isRest ? REST : line, seen: 0, counted: 0, addresses: new Set<string>() };
    kinds.set(isRest ? REST_KEY : key, fresh);
    return fresh;
  };
  return {
    done: (line) => write(line, 'done'),
    refused: (line, address) => {
      const kind = kindOf(line);
      kind.seen += 1;
      schedule();
      if (kind.seen <= WRITTEN_AS_THEY_COME) {
        void write({ ...line, says: `${line.says}, from ${address}` }, 'refused');
        return;
      }
      kind.counted += 1;
      if (kind.addresses.size <= ADDRESSES_NAMED) kind.addresses.add(address);
    },
    settled: async () => {
      await writing;
    },
    close: async () => {
      closed = true;
      timer?.unsubscribe();
      sumUp();
      await writing;
    },
  };
};

const REST_KEY = '';
const REST: Told = {
  person: 'nobody',
  role: 'unknown',
  action: 'many different requests',
  subject: '',
  says: 'refused',
};

const sum = ({ line, counted, addresses }: Kind): string => {
  const named = [...addresses].slice(0, ADDRESSES_NAMED);
  const more = addresses.size > ADDRESSES_NAMED ? ' and others' : '';
  const times = counted === 1 ? 'once more' : `${counted} times more`;
  return `${line.says}, ${times} within a minute, from ${named.join(', ')}${more}`;
};

import type { Disk, FolderEntry, WritableFile } from '#ports/disk.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { LauncherFiles } from '#upkeep/types.ts';

/** What every operation throws from the cut on. No Error: nobody may take it for the disk's. */
export const POWER_CUT = { powerCut: true } as const;

interface FileNode {
  readonly kind: 'file';
  mode: number;
  /** What is certain to survive, and what a reader sees. */
  durable: Buffer;
  current: Buffer;
  isDirty: boolean;
}
interface FolderNode {
  readonly kind: 'folder';
  durable: Map<string, Node>;
  current: Map<string, Node>;
  /** Changes of names since the last sync, each of which may have happened or not. */
  pending: Change[];
}
interface LinkNode {
  readonly kind: 'other';
}
type Node = FileNode | FolderNode | LinkNode;
type Change = (names: Map<string, Node>) => void;

/**
 * A disk in memory that keeps what was written apart from what is durable. File contents are
 * durable after their sync, names after that of their folder, each without the other. It counts the
 * operations that change something, and can cut the power before one of them.
 */
export class SimulatedDisk {
  operations = 0;
  /** Before which operation the power goes, counted from 1. */
  cutAt = Number.POSITIVE_INFINITY;
  free = 1e12;
  #root: FolderNode;
  readonly #locks = new Set<string>();

  constructor(root: FolderNode = folder()) {
    this.#root = root;
  }

  /** As the port has it. */
  readonly disk: Disk = {
    read: async (path, take) => {
      const node = this.#at(path);
      if (node?.kind !== 'file') return 'absent';
      take(node.current);
      return undefined;
    },
    create: async (path, mode) => {
      const file = this.#create(path, mode);
      return isFault(file) ? file : this.#writable(file);
    },
    syncFile: async (path) => this.#syncNode(path, 'file'),
    syncFolder: async (path) => this.#syncNode(path, 'folder'),
    rename: async (from, to) => this.#rename(from, to),
    remove: async (path) => this.#remove(path),
    makeFolder: async (path) => this.#makeFolder(path),
    list: async (path) => {
      const node = this.#at(path);
      return node?.kind === 'folder' ? [...node.current].map(entry).sort(byName) : 'absent';
    },
    freeBytes: async () => this.free,
    lock: async (path) => {
      if (this.#locks.has(path)) return 'taken';
      this.#locks.add(path);
      return { release: async () => void this.#locks.delete(path) };
    },
  };

  /** As the launcher has it. */
  readonly files: LauncherFiles = {
    read: (path) => {
      const node = this.#at(path);
      if (node?.kind !== 'file') throw new Error(`ENOENT: ${path}`);
      return node.current;
    },
    write: (path, text) => {
      const file = this.#create(path, 0o600);
      thrown(isFault(file) ? file : this.#write(file, Buffer.from(text)));
    },
    sync: (path) => thrown(this.#syncNode(path)),
    rename: (from, to) => thrown(this.#rename(from, to)),
  };

  /** Puts a file there, durable at once: damage, or what somebody else left. */
  put(path: string, bytes: Uint8Array, mode = 0o644): void {
    const node = { ...file(mode), durable: Buffer.from(bytes), current: Buffer.from(bytes) };
    this.#plant(path, node);
  }

  putLink(path: string): void {
    this.#plant(path, { kind: 'other' });
  }

  /** Everything as it would be found after a cut now, with nothing of the unsynced lost. */
  copy(): SimulatedDisk {
    return this.#after(() => 1);
  }

  /**
   * What may be found after a cut now: all of them when there are at most `most`, else the two
   * where everything unsynced is lost or kept, and others by chance.
   */
  outcomes(most: number, random: () => number): SimulatedDisk[] {
    const all: SimulatedDisk[] = [];
    for (let course: number[] | undefined = []; course; ) {
      const taken: { readonly way: number; readonly ways: number }[] = [];
      const given: readonly number[] = course;
      all.push(
        this.#after((ways) => {
          const way = given[taken.length] ?? 0;
          taken.push({ way, ways });
          return way;
        }),
      );
      const last = taken.findLastIndex(({ way, ways }) => way + 1 < ways);
      const next = taken.slice(0, last + 1).map(({ way }, at) => (at === last ? way + 1 : way));
      course = last < 0 ? undefined : next;
      if (course && all.length === most) return this.#sample(most, random);
    }
    return all;
  }

  #sample(most: number, random: () => number): SimulatedDisk[] {
    return Array.from({ length: most }, (_, index) =>
      this.#after((ways) => (index < 2 ? index : Math.floor(random() * ways))),
    );
  }

  #after(pick: (ways: number) => number): SimulatedDisk {
    const found = new SimulatedDisk(choose(this.#root, pick, new Map()));
    found.free = this.free;
    return found;
  }

  #at(path: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of path.split('/').filter(Boolean)) {
      node = node?.kind === 'folder' ? node.current.get(name) : undefined;
    }
    return node;
  }

  #count(): void {
    this.operations += 1;
    if (this.operations >= this.cutAt) throw POWER_CUT;
  }

  #change(path: string, change: Change): Fault | undefined {
    const above = this.#at(aboveOf(path));
    if (above?.kind !== 'folder') return fault('disk', `ENOENT: ${path}`);
    change(above.current);
    above.pending.push(change);
    return undefined;
  }

  #plant(path: string, node: Node): void {
    const above = this.#at(aboveOf(path));
    if (above?.kind !== 'folder') throw new Error(`no folder for ${path}`);
    for (const names of [above.current, above.durable]) names.set(nameOf(path), node);
  }

  #create(path: string, mode: number): FileNode | Fault {
    this.#count();
    const there = this.#at(path);
    if (there && there.kind !== 'file') return fault('disk', `EISDIR: ${path}`);
    if (there) {
      this.free += there.current.length;
      Object.assign(there, { current: Buffer.alloc(0), isDirty: true, mode });
      return there;
    }
    const made = file(mode);
    return this.#change(path, (names) => names.set(nameOf(path), made)) ?? made;
  }

  #writable(file: FileNode): WritableFile {
    return {
      write: async (piece) => this.#write(file, piece),
      sync: async () => {
        this.#count();
        Object.assign(file, { durable: file.current, isDirty: false });
        return undefined;
      },
      close: async () => undefined,
    };
  }

  #write(file: FileNode, piece: Uint8Array): Fault | undefined {
    this.#count();
    if (piece.length > this.free) return fault('disk', 'ENOSPC: no space left on device, write');
    this.free -= piece.length;
    file.current = Buffer.concat([file.current, piece]);
    file.isDirty = true;
    return undefined;
  }

  #syncNode(path: string, kind?: Node['kind']): Fault | undefined {
    this.#count();
    const node = this.#at(path);
    const isOther = node === undefined || node.kind === 'other';
    if (isOther || node.kind !== (kind ?? node.kind)) return fault('disk', `ENOENT: ${path}`);
    if (node.kind === 'file') Object.assign(node, { durable: node.current, isDirty: false });
    else Object.assign(node, { durable: new Map(node.current), pending: [] });
    return undefined;
  }

  #rename(from: string, to: string): Fault | undefined {
    this.#count();
    const node = this.#at(from);
    if (!node || aboveOf(from) !== aboveOf(to)) return fault('disk', `ENOENT: ${from}`);
    return this.#change(to, (names) => {
      names.delete(nameOf(from));
      names.set(nameOf(to), node);
    });
  }

  #remove(path: string): Fault | undefined {
    this.#count();
    const node = this.#at(path);
    if (node?.kind === 'folder' && node.current.size > 0) return fault('disk', 'ENOTEMPTY');
    if (node?.kind === 'file') this.free += node.current.length;
    return node && this.#change(path, (names) => names.delete(nameOf(path)));
  }

  #makeFolder(path: string): Fault | undefined {
    this.#count();
    if (this.#at(path)?.kind === 'folder') return undefined;
    const made = folder();
    return this.#change(path, (names) => names.set(nameOf(path), made));
  }
}

const file = (mode: number): FileNode => {
  const empty = Buffer.alloc(0);
  return { kind: 'file', mode, durable: empty, current: empty, isDirty: false };
};
const folder = (): FolderNode => ({
  kind: 'folder',
  durable: new Map(),
  current: new Map(),
  pending: [],
});

// All of it durable; `pick` says for each uncertain thing how it went, of how many ways.
const choose = <T extends Node>(
  node: T,
  pick: (ways: number) => number,
  made: Map<Node, Node>,
): T => {
  const known = made.get(node);
  if (known) return known as T;
  if (node.kind === 'folder') {
    const clone = folder();
    made.set(node, clone);
    const names = new Map(node.durable);
    for (const change of node.pending) if (pick(2) === 1) change(names);
    for (const [name, below] of names) clone.current.set(name, choose(below, pick, made));
    clone.durable = new Map(clone.current);
    return clone as Node as T;
  }
  const bytes = node.kind === 'file' ? contentsOf(node, pick) : Buffer.alloc(0);
  const sure = { durable: bytes, current: bytes, isDirty: false };
  const clone: Node = node.kind === 'file' ? { ...node, ...sure } : node;
  made.set(node, clone);
  return clone as T;
};

// Lost, whole, cut short, or as long as it should be with nothing in its second half.
const contentsOf = ({ durable, current, isDirty }: FileNode, pick: (ways: number) => number) => {
  if (!isDirty) return durable;
  const half = current.subarray(0, current.length >> 1);
  const zeros = Buffer.concat([half, Buffer.alloc(current.length - half.length)]);
  return [durable, current, half, zeros][pick(4)] ?? durable;
};

const entry = ([name, node]: [string, Node]): FolderEntry => ({
  name,
  kind: node.kind,
  size: node.kind === 'file' ? node.current.length : 0,
  mode: node.kind === 'file' ? node.mode : 0o755,
});
const byName = (a: FolderEntry, b: FolderEntry): number => (a.name < b.name ? -1 : 1);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const aboveOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const thrown = (problem: Fault | undefined): void => {
  if (problem) throw new Error(problem.detail);
};

import { randomUUID } from 'node:crypto';

/** A till's message on its way to a terminal and back. */
export interface Post {
  readonly id: string;
  readonly poiId: string;
  readonly message: string;
  /** Once a terminal has it, it may be paying. */
  delivered: boolean;
  /** Nobody waits for it any more. */
  readonly expiry: NodeJS.Timeout;
  readonly end: (outcome: PostEnd) => void;
}

export type PostEnd = { readonly answer: string | null } | { readonly problem: string };

interface Timing {
  /** A message that no terminal took so long is never delivered: its till has given up. */
  readonly deliverWithinMs: number;
  readonly answerWithinMs: number;
}

/** Messages that have no answer yet. */
export const createPosts = ({ deliverWithinMs, answerWithinMs }: Timing) => {
  const open = new Map<string, Post>();
  const take = (id: string): Post | undefined => {
    const post = open.get(id);
    clearTimeout(post?.expiry);
    open.delete(id);
    return post;
  };
  const expire = (post: Post) => {
    if (post.delivered) return;
    take(post.id)?.end({ problem: 'the terminal is away' });
  };
  return {
    /** @param end called once: with the answer, or why there is none */
    add: (poiId: string, message: string, end: (outcome: PostEnd) => void): Post => {
      const expiry = setTimeout(() => expire(post), deliverWithinMs).unref();
      const post: Post = { id: randomUUID(), poiId, message, delivered: false, expiry, end };
      const late = () => take(post.id)?.end({ problem: 'the terminal has not answered' });
      setTimeout(late, answerWithinMs).unref();
      open.set(post.id, post);
      return post;
    },
    of: (poiId: string): readonly Post[] =>
      [...open.values()].filter((post) => post.poiId === poiId),
    end: (id: string, outcome: PostEnd): void => take(id)?.end(outcome),
    /** Its till is gone: a terminal that doesn't have it yet never gets it. */
    abandon: (post: Post): void => {
      if (!post.delivered) take(post.id);
    },
    close: () => {
      for (const id of [...open.keys()]) take(id)?.end({ problem: 'the relay ends' });
    },
  };
};

export type Posts = ReturnType<typeof createPosts>;

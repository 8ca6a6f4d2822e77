import type { WebSocket } from 'ws';
import type { Post, Posts } from './posts.ts';

/** Terminals that are connected, by the name that tills call them by. */
export const createTerminals = (
  posts: Posts,
  tell: (saleId: string | undefined, text: string) => void,
) => {
  const connected = new Map<string, WebSocket>();
  let acknowledges = true;
  const deliver = (post: Post): void => {
    const socket = connected.get(post.poiId);
    if (socket === undefined) return;
    post.delivered = true;
    socket.send(JSON.stringify({ id: post.id, message: post.message }));
  };
  const hear = (socket: WebSocket, poiId: string, text: string): void => {
    const { hello, id, answer, error, notification, saleId } = fields(text);
    if (hello !== undefined) {
      connected.get(poiId)?.terminate();
      connected.set(poiId, socket);
      // What it has taken, too: it knows its ids, and answers each once.
      for (const post of posts.of(poiId)) deliver(post);
    } else if (typeof notification === 'string') {
      tell(typeof saleId === 'string' ? saleId : undefined, notification);
    } else if (typeof id === 'string' && typeof error === 'string') {
      posts.end(id, { problem: error });
    } else if (typeof id === 'string' && (typeof answer === 'string' || answer === null)) {
      posts.end(id, { answer });
      if (acknowledges) socket.send(JSON.stringify({ id, acknowledged: true }));
    }
  };
  return {
    welcome: (socket: WebSocket, poiId: string): void => {
      socket.on('error', () => socket.terminate());
      socket.on('message', (data) => hear(socket, poiId, String(data)));
      socket.once('close', () => {
        if (connected.get(poiId) === socket) connected.delete(poiId);
      });
    },
    deliver,
    names: (): readonly string[] => [...connected.keys()],
    drop: (): void => {
      for (const socket of connected.values()) socket.terminate();
      connected.clear();
    },
    /** Like a line that is cut somewhere: nothing arrives, and nobody says so. */
    mute: (): void => {
      for (const socket of connected.values()) socket.pause();
    },
    acknowledge: (yes: boolean): void => {
      acknowledges = yes;
    },
  };
};

const fields = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
};

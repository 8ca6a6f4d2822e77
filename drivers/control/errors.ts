/** Nobody listens on a socket: it isn't there, or was left behind. Nothing else means that. */
export const isNobody = ({ code }: NodeJS.ErrnoException): boolean =>
  code === 'ENOENT' || code === 'ECONNREFUSED';

/** The socket is another user's. */
export const isRefused = ({ code }: NodeJS.ErrnoException): boolean =>
  code === 'EACCES' || code === 'EPERM';

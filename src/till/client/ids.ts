/**
 * A new ServiceID: ten characters, no two alike. Six say when it was made, to the second, in a
 * circle of 69 years; four are of chance, so that two windows of one till don't meet.
 */
export const newServiceId = (): string => {
  const seconds = Math.floor(Date.now() / 1000) % 36 ** 6;
  let id = '';
  do {
    const chance = crypto.getRandomValues(new Uint8Array(4));
    const letters = [...chance].map((byte) => (byte % 36).toString(36)).join('');
    id = (seconds.toString(36).padStart(6, '0') + letters).toUpperCase();
  } while (recent.has(id));
  recent.add(id);
  if (recent.size > 1000) recent.delete(recent.values().next().value ?? '');
  return id;
};

const recent = new Set<string>();

/** Now, as nexo writes it. */
export const now = (): string => new Date().toISOString();

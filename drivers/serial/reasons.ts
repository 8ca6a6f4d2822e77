/** What an operating system's or serialport's error means to whoever has to mend it. */
export const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const known = REASONS.find(({ codes, says }) => codes.includes(code) || says.test(message));
  return known?.reason ?? message.replace(/^Error:? /, '').replaceAll(/\s+/g, ' ');
};

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

// serialport's own errors have no code, but the C library's words.
const REASONS: readonly {
  readonly codes: readonly string[];
  readonly says: RegExp;
  readonly reason: string;
}[] = [
  {
    codes: ['ENOENT', 'ENOTDIR'],
    says: /No such file or directory/,
    reason: 'nothing is plugged in there',
  },
  {
    codes: ['EACCES', 'EPERM'],
    says: /Permission denied|Operation not permitted/,
    reason: "this user may not open it: put it into the device file's group (dialout, lp)",
  },
  {
    codes: ['EBUSY'],
    says: /Cannot lock port|resource busy/i,
    reason: 'another program has it open',
  },
  {
    codes: ['ENOTTY'],
    says: /Inappropriate ioctl/,
    reason: 'it is no serial port',
  },
  {
    codes: ['EIO', 'ENXIO', 'ENODEV', 'EBADF', 'EPIPE'],
    says: /bad file descriptor|No such device|Input\/output error|Port is not open/i,
    reason: 'unplugged',
  },
  {
    codes: ['EISDIR'],
    says: /Is a directory/,
    reason: 'it is a folder',
  },
];

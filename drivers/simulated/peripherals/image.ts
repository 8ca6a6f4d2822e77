/**
 * Firmware as the simulated devices run it: a line with version and length, then whatever. What a
 * transfer has added behind the length is ignored.
 */
export const simulatedFirmware = (version: string, bytes: number): Uint8Array => {
  const image = Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 8) * 7) & 0xff);
  const head = `COUNTERTAP-SIMULATED ${version} ${bytes}\n`;
  image.set(new TextEncoder().encode(head).subarray(0, bytes));
  return image;
};

/** Undefined: nothing that these devices can run. */
export const versionOf = (image: Uint8Array): string | undefined => {
  const head = Buffer.from(image.subarray(0, 128)).toString('latin1');
  const [, version, bytes] = /^COUNTERTAP-SIMULATED ([!-~]+) ([0-9]+)\n/.exec(head) ?? [];
  return image.length >= Number(bytes) ? version : undefined;
};

import { hostname, networkInterfaces } from 'node:os';

/** What this machine may be asked for by: names in small letters, and addresses. */
export interface MachineNames {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** @param configured names that the shop's network knows this machine by */
export const machineNames = (configured: readonly string[] = []): MachineNames => {
  const own = hostname();
  const [short = own] = own.split('.');
  const names = ['localhost', own, short, `${short}.local`, ...configured]
    .map((name) => name.toLowerCase())
    .filter((name) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name));
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .map(({ address }) => address)
    // Link-local addresses mean nothing without the name of an interface.
    .filter((address) => !address.toLowerCase().startsWith('fe80:'));
  return {
    names: [...new Set(names)],
    addresses: [...new Set(['127.0.0.1', '::1', ...addresses])],
  };
};

import { machineDisk, processSelfTest } from '#drivers/disk/index.ts';
import { type Machine, type PackedFile, packBundle, type Site } from '#upkeep/index.ts';

const MACHINE: Machine = 'linux-x64';

// It says which it is and ends its launcher, as the service would.
const START = `#!/bin/sh
[ "$1" = self-test ] && exit 0
echo "started $(cat version)"
kill -TERM $PPID
exec sleep 5
`;

/** A release with a few files, half a megabyte, that differ from version to version. */
export const releaseOf = (version: string): Buffer => {
  const files: PackedFile[] = [
    { path: 'start', mode: 0o755, bytes: Buffer.from(START) },
    { path: 'version', mode: 0o644, bytes: Buffer.from(version) },
  ];
  for (let n = 0; n < 8; n++) {
    const bytes = Buffer.alloc(65_536, `${version} ${n} `);
    files.push({ path: `lib/${n % 4}/part-${n}.js`, mode: 0o644, bytes });
  }
  const about = { release: `kill-${version}`, version, floor: '0.0.0', machine: MACHINE };
  return packBundle(about, files);
};

export const siteAt = (root: string): Site => ({
  disk: machineDisk,
  root,
  machine: MACHINE,
  selfTest: processSelfTest(30_000),
  probationMs: 0,
});

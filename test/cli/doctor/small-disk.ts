// Disks of a mount namespace of its own: argv[2] is where they are mounted, and what the doctor
// says of each goes to standard output, one line of JSON a step.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskProbe } from '../../../src/cli/probes/machine.ts';

const [, , folder = ''] = process.argv;

const look = async (step: string, options: string, more?: (disk: string) => void) => {
  const disk = join(folder, step);
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'inherit' });
  more?.(disk);
  const { verdict, found } = await diskProbe(disk)(new AbortController().signal);
  process.stdout.write(`${JSON.stringify({ step, verdict, found })}\n`);
  execFileSync('umount', [disk], { stdio: 'inherit' });
};

await look('roomy', 'size=900m');
await look('low', 'size=200m');
await look('full', 'size=80m', (disk) => writeFileSync(join(disk, 'x'), Buffer.alloc(60_000_000)));
await look('inodes', 'size=900m,nr_inodes=20');
await look('readOnly', 'size=900m', (disk) =>
  execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'inherit' }),
);

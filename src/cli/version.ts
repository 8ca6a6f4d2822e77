import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALLATION } from './places.ts';

/** The release of this installation, such as "0.1.0". */
export const VERSION: string = JSON.parse(
  readFileSync(join(INSTALLATION, 'package.json'), 'utf8'),
).version;

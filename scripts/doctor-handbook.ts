/** Writes the tables of docs/reading-the-doctor.md anew: node scripts/doctor-handbook.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HANDBOOK_MARKS, handbook } from '#doctor/index.ts';

const path = join(import.meta.dirname, '../docs/reading-the-doctor.md');
const [begin, end] = HANDBOOK_MARKS;
const text = readFileSync(path, 'utf8');
const [before = '', rest = ''] = text.split(begin);
const [, after = ''] = rest.split(end);
writeFileSync(path, `${before}${begin}\n\n${handbook()}\n${end}${after}`);

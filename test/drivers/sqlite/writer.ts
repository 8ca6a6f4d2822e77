// A terminal's stand-in: writes payments to the journal of argv[2] until it is killed, and says on
// standard output what was acknowledged. argv[3]: how many, then it stops; argv[4]: room to leave.
import { openJournal } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import { asked, START_MS, settled } from '#test/ports/journal-suite.ts';
import { quiet } from './support.ts';

const [, , path = '', count = '1000000', minimumFreeBytes = '0'] = process.argv;

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const journal = await openJournal({
  path,
  log: quiet,
  wallMs: () => START_MS,
  minimumFreeBytes: Number(minimumFreeBytes),
});
if (isFault(journal)) {
  say({ refused: journal.detail });
} else {
  const refusal = journal.refusal();
  if (refusal) say({ refused: refusal.detail });
  for (let i = 0; i < Number(count); i++) {
    const id = `p${process.pid}-${i}`;
    const more = { record: { text: 'x'.repeat(500) } };
    const why =
      (await journal.append(asked(id, more))) ?? (await journal.append(settled(id, more)));
    if (why) say({ failed: why.detail });
    if (why) break;
    say({ written: id });
  }
  if (Number(count) < 1000) await journal.close();
}

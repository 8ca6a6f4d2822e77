import {
  offlineCause,
  type Paper,
  paperSensors,
  roll,
} from '#test/drivers/printer/scripted-printer.ts';
import { plugDevice } from '#test/drivers/serial/plugged-device.ts';

/** A receipt printer at a serial port, played by the test: it answers as Epson's do. */
export interface SerialPrinter {
  /** Where the terminal finds it. */
  readonly path: string;
  /** Each receipt's bytes. */
  readonly jobs: readonly Uint8Array[];
  /** Somebody takes the roll out, or puts one in; the printer tells by itself. */
  paper(state: Paper): void;
  close(): Promise<void>;
}

export const serialPrinter = async (): Promise<SerialPrinter> => {
  const device = await plugDevice();
  const jobs: Uint8Array[] = [];
  let paper: Paper = 'ok';
  let [seen, taken, closed] = [0, 0, false];
  const say = (...bytes: readonly number[]) => device.send(Uint8Array.from(bytes));
  const sayAutomatically = () => say(0x10, 0, roll(paper), 0x0f);
  const listen = async (): Promise<void> => {
    while (!closed) {
      const bytes = await device.gets((got) => got.length > seen);
      seen = bytes.length;
      for (let at = taken; at + 3 <= seen; at++) {
        const command = bytes.subarray(at, at + 3).toString('hex');
        if (!COMMANDS.has(command)) continue;
        // Everything before GS r 1 is on paper then.
        if (command === PRINTED) jobs.push(Uint8Array.from(bytes.subarray(taken, at)));
        taken = at + 3;
        if (command === PRINTED) say(roll(paper));
        else if (command === AUTOMATIC) sayAutomatically();
        else say(command === PAPER ? paperSensors(paper) : offlineCause(paper, false));
      }
    }
  };
  void listen();
  return {
    path: device.path,
    jobs,
    paper: (now) => {
      paper = now;
      sayAutomatically();
    },
    close: async () => {
      closed = true;
      await device.close();
    },
  };
};

// DLE EOT 2 and 4, GS a, GS r 1.
const [CAUSE, PAPER, AUTOMATIC, PRINTED] = ['100402', '100404', '1d610e', '1d7201'] as const;
const COMMANDS: ReadonlySet<string> = new Set([CAUSE, PAPER, AUTOMATIC, PRINTED]);

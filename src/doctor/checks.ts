// table: what the doctor looks at, in the order in which people read it.

/** A check: its name never changes, its title is for people. */
export interface CheckRow {
  readonly name: string;
  readonly title: string;
  /** What it looks at and how, for docs/reading-the-doctor.md. */
  readonly about: string;
  /** It is given up after this: the whole command has ten seconds. */
  readonly withinMs: number;
}

// biome-ignore format: a row stays on its line
export const CHECKS = [
  { name: 'terminal', title: 'Terminal', withinMs: 2000, about: 'Whether a terminal runs with this state folder, and since when.' },
  { name: 'update', title: 'Updates', withinMs: 2000, about: 'Which release runs, how the last update ended, and when the source of updates was last looked at.' },
  { name: 'firmware', title: 'Firmware of peripherals', withinMs: 2000,
    about: 'What was last noted of each device in `upkeep.peripherals`: its version, or a transfer that failed. None is asked: `countertap firmware list` does that.' },
  { name: 'node', title: 'Node.js', withinMs: 2000, about: 'The version of Node.js and the memory flags that the terminal is started with.' },
  { name: 'memory', title: 'Memory', withinMs: 2000, about: "The terminal's own resident memory, and what the machine has left." },
  { name: 'disk', title: 'Disk', withinMs: 3000, about: 'Whether the state folder can be written to, and how much room is left there: bytes and files (inodes).' },
  { name: 'clock', title: 'Clock', withinMs: 4000,
    about: "The machine's clock against the release's own age, the journal's latest payment, the host's clock where it tells, and network time." },
  { name: 'pcscd', title: 'Smart card service', withinMs: 3000, about: 'Whether pcscd answers, and whether drivers of the kernel are in its way.' },
  { name: 'reader', title: 'Card reader', withinMs: 6000, about: 'Whether a contactless reader is found and can be used.' },
  { name: 'cardPath', title: 'Way to the card', withinMs: 6000,
    about: 'One command (SELECT PPSE) to the card that lies on the reader, and its answer; no payment, and nothing is asked of a card while contactless is off.' },
  { name: 'serial', title: 'Serial devices', withinMs: 2000, about: 'Scanners, printers and line displays at serial ports that terminal.json names.' },
  { name: 'hid', title: 'HID scanners', withinMs: 2000, about: 'Scanners in HID POS mode that terminal.json names.' },
  { name: 'printer', title: 'USB printers', withinMs: 2000, about: "Printers of USB's printer class that terminal.json names." },
  { name: 'display', title: "Shopper's display", withinMs: 5000, about: 'Whether the page of the display is served, and whether a browser shows it.' },
  { name: 'host', title: "Acquirer's host", withinMs: 9000, about: "The connection to the acquirer's host, and an echo to it and back." },
  { name: 'hostCertificate', title: 'Certificate for the host', withinMs: 3000, about: "The terminal's own certificate for the acquirer's host, and its private key." },
  { name: 'hostAuthority', title: "Host's authority", withinMs: 3000, about: "The certification authority that the host's certificate must come from." },
  { name: 'consoleCertificate', title: "Console's certificate", withinMs: 3000, about: "The certificate of the staff's console." },
  { name: 'tillCertificate', title: 'Certificates for tills', withinMs: 3000, about: 'The certificates of the line for tills and of its relay, and the authorities they trust.' },
  { name: 'walletCertificate', title: "Wallets' certificates", withinMs: 3000, about: 'Keys and authorities for the hosts of wallets.' },
  { name: 'journal', title: 'Journal', withinMs: 8000, about: 'Whether the journal can be written, fits its hashes, how large it is, and what is owed to the host.' },
  { name: 'keys', title: 'Keys', withinMs: 4000, about: 'Whether the keys are there that account data is sealed with, and the tamper signal.' },
  { name: 'nfc', title: 'Contactless decision', withinMs: 4000,
    about: 'What the shop decided about contactless payments: what is in force, since when, by whom, and what waits for a second person.' },
] as const satisfies readonly CheckRow[];

export type CheckName = (typeof CHECKS)[number]['name'];

export const isCheckName = (name: string): name is CheckName =>
  CHECKS.some((row) => row.name === name);

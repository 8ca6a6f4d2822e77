// table: every finding there can be. docs/reading-the-doctor.md is made of it.

import type { Finding } from '#ports/finding.ts';
import type { CheckName } from './checks.ts';

export interface FindingRow {
  readonly verdict: Finding['verdict'];
  /** One sentence, with values at {places}. */
  readonly found: string;
  /** What a technician does about it; for `attention` and `wrong` alone. */
  readonly remedy?: string;
}

/** What any check can end with. */
// biome-ignore format: a row stays on its line
export const ANY = {
  late: { verdict: 'wrong', found: 'The check did not end within {seconds} s.', remedy: 'Run the doctor again; if it stays so, what is looked at hangs: restart the terminal, then the machine.' },
  failed: { verdict: 'wrong', found: 'The check itself failed: {why}.', remedy: 'This is a fault of the software: make a support bundle (`countertap support-bundle`) and send it to the maker.' },
  untold: { verdict: 'attention', found: 'Nobody looked at this.', remedy: 'Run `countertap doctor` on the machine itself, with the terminal running.' },
} as const satisfies Readonly<Record<string, FindingRow>>;

const FILES = {
  notUsed: { verdict: 'notUsed', found: 'The configuration names no certificate or key here.' },
  own: {
    verdict: 'notUsed',
    found: 'The terminal makes its own certificate when the first one comes.',
  },
  well: { verdict: 'well', found: '{what} is valid until {until}.' },
  keyAlone: { verdict: 'well', found: '{what} can be read; it has no dates.' },
  unreadable: {
    verdict: 'wrong',
    found: "{what} ({path}) can't be used: {why}.",
    remedy:
      "Put the right PEM file there, readable for the terminal's user, and restart the terminal.",
  },
  expired: {
    verdict: 'wrong',
    found: '{what} expired on {until}.',
    remedy:
      'Look at the clock first; if it is right, ask whoever issued it for a new one, put it in its place ({path}) and restart the terminal.',
  },
  notYet: {
    verdict: 'wrong',
    found: '{what} is valid only from {from}.',
    remedy:
      'Look at the clock: it is probably behind. If it is right, put the certificate that is valid now at {path}.',
  },
  soon: {
    verdict: 'attention',
    found: '{what} expires on {until}, in {days} days.',
    remedy:
      'Ask whoever issued it for a new one now, and put it in its place ({path}) before that day.',
  },
  otherKey: {
    verdict: 'wrong',
    found: '{what} does not belong to the private key beside it ({path}).',
    remedy:
      'Put a certificate and the private key it was issued for side by side, and restart the terminal.',
  },
} as const satisfies Readonly<Record<string, FindingRow>>;

// biome-ignore format: a row stays on its line
export const FINDINGS = {
  terminal: {
    well: { verdict: 'well', found: 'Version {version} has run for {duration}.' },
    none: { verdict: 'attention', found: 'No terminal runs with this state folder.', remedy: 'Start it (`systemctl start countertap`, or `./scripts/start`); what follows was looked at without it.' },
    unasked: { verdict: 'wrong', found: "The terminal can't be asked: {why}.", remedy: "Run the doctor as the terminal's own user; if it hangs, restart it (`systemctl restart countertap`)." },
    older: { verdict: 'attention', found: "The terminal that runs doesn't know the doctor: {why}.", remedy: 'It is another release than this command: use the command of the release that runs, or restart the terminal.' },
    unconfigured: { verdict: 'wrong', found: "The configuration can't be used: {why}.", remedy: "Correct that file; the terminal can't start with it." },
  },
  update: {
    checkout: { verdict: 'notUsed', found: 'Version {version} runs from a checkout, which nothing updates.' },
    settled: { verdict: 'well', found: 'Version {version} runs, and nothing newer waits.' },
    lookedAt: { verdict: 'well', found: 'Version {version} runs; the source of updates was looked at {ago} ago.' },
    working: { verdict: 'well', found: 'Version {version} runs; version {offered} is on its way ({work}).' },
    waits: { verdict: 'well', found: 'Version {version} runs; version {offered} is ready and waits for {what}.' },
    probation: { verdict: 'attention', found: 'Version {version} is on probation: it was started {starts} times without having proved itself.', remedy: 'Wait until the probation is over; the release before is kept, and comes back by itself after three starts that fail.' },
    proving: { verdict: 'attention', found: 'Version {version} is on probation.', remedy: 'Wait until the probation is over; the release before is kept, and comes back by itself if this one fails.' },
    unhealthy: { verdict: 'wrong', found: 'Version {version} is on probation and says: {reason}.', remedy: 'Correct what it says, or go back to the release before (`countertap update rollback`).' },
    rolledBack: { verdict: 'wrong', found: 'The last update was left, and version {version} runs again: {reason}.', remedy: "Correct what the reason names, then update again (`countertap update`); if it is the release's own fault, send the maker a support bundle." },
    unfinished: { verdict: 'attention', found: 'An update was begun and is not done ({phase}); version {version} runs.', remedy: 'Nothing has to be done: it is begun anew with the next look. If it stays so, look at disk and source.' },
    unlooked: { verdict: 'attention', found: 'The last look at the source of updates, {ago} ago, failed: {problem}.', remedy: 'Correct what it says: network, address, clock, or the stick; then `countertap update look`.' },
    unreadable: { verdict: 'wrong', found: "The state of the slots can't be read: {why}.", remedy: 'Restart the service: the launcher makes the state anew from what is whole.' },
  },
  node: {
    well: { verdict: 'well', found: 'Node.js {version} with its memory flags.' },
    old: { verdict: 'wrong', found: 'Node.js {version} is too old: {least} is needed.', remedy: 'Start with `countertap`, which finds the right one, or run `./scripts/setup`; in a slot, install the release again.' },
    flags: { verdict: 'attention', found: 'Node.js {version} runs without {flags}: the terminal takes more memory than it should.', remedy: 'Start the terminal with `countertap run` or by its service, never with `node` alone.' },
  },
  memory: {
    well: { verdict: 'well', found: '{own} MB of its own; the machine has {free} of {total} MB left.' },
    alone: { verdict: 'well', found: 'The machine has {free} of {total} MB left.' },
    large: { verdict: 'attention', found: 'The terminal has grown to {own} MB; it was made for {most} MB when idle.', remedy: 'If the console or a till was just in use, look again later; else restart the terminal and send the maker a support bundle.' },
    low: { verdict: 'wrong', found: 'The machine has {free} of {total} MB left.', remedy: 'Look which program takes it (`top`, then M) and end it, before the kernel ends the terminal.' },
  },
  disk: {
    well: { verdict: 'well', found: '{free} MB of {total} MB are free at {path}.' },
    low: { verdict: 'attention', found: 'Only {free} MB of {total} MB are free at {path}.', remedy: "Make room: remove what isn't the terminal's, old logs and bundles first; updates need three times their size." },
    full: { verdict: 'wrong', found: 'Only {free} MB are free at {path}: payments stop when the journal has no room.', remedy: "Make room now: remove what isn't the terminal's. Never remove the journal." },
    inodes: { verdict: 'wrong', found: 'No more files can be made at {path}: {free} of {total} inodes are free.', remedy: 'Look for a folder with very many small files and remove those that nobody needs.' },
    readOnly: { verdict: 'wrong', found: "{path} can't be written to: {why}.", remedy: 'A disk that has errors is made read-only: look at `dmesg`, replace the card or disk; else correct mount and owner of the folder.' },
    absent: { verdict: 'attention', found: "The state folder {path} isn't there yet.", remedy: 'Start the terminal once, or name the right folder with --state.' },
    unreadable: { verdict: 'wrong', found: "{path} can't be looked at: {why}.", remedy: "Run the doctor as the terminal's own user, and see whether the disk is mounted." },
  },
  clock: {
    well: { verdict: 'well', found: '{now}, and network time keeps it.' },
    ofHost: { verdict: 'well', found: "{now}, within {seconds} s of the host's clock." },
    plausible: { verdict: 'well', found: '{now}; nothing contradicts it, and nothing says whether network time keeps it.' },
    beforeBuild: { verdict: 'wrong', found: 'It says {now}, which is before this release was made ({built}).', remedy: "Set the clock (`timedatectl set-time`), switch network time on (`timedatectl set-ntp true`), and look at the clock's battery." },
    behindJournal: { verdict: 'wrong', found: "It says {now}, but the latest payment was taken at {last}.", remedy: 'Set the clock and switch network time on (`timedatectl set-ntp true`); certificates and retention go by it.' },
    farAhead: { verdict: 'wrong', found: 'It says {now}, which is years after this release was made ({built}).', remedy: "If that is not today's date, set the clock and switch network time on; if it is, install a newer release." },
    offHost: { verdict: 'wrong', found: "It says {now}, and differs from the host's clock by {seconds} s.", remedy: 'Set the clock and switch network time on (`timedatectl set-ntp true`); if it is right, ask the acquirer about theirs.' },
    drifting: { verdict: 'attention', found: '{now}, but network time is not in step.', remedy: 'Switch it on (`timedatectl set-ntp true`) and see that the network lets NTP (UDP port 123) through.' },
  },
  pcscd: {
    notUsed: { verdict: 'notUsed', found: "The reader is in the terminal's own process and needs no service." },
    well: { verdict: 'well', found: 'pcscd answers at {socket}.' },
    down: { verdict: 'wrong', found: 'pcscd does not answer at {socket}.', remedy: "Start it (`systemctl start pcscd.socket`); if it isn't installed, `apt install pcscd libccid`." },
    modules: { verdict: 'attention', found: 'pcscd answers, but the kernel has loaded {modules}, which may take the reader away from it.', remedy: 'Keep them out: `modprobe -r {modules}`, and blacklist them in /etc/modprobe.d (the installation does that).' },
  },
  reader: {
    well: { verdict: 'well', found: '{name} is there.' },
    silenced: { verdict: 'well', found: '{name} is there, and silent because contactless is off.' },
    absent: { verdict: 'wrong', found: 'No card reader: {why}.', remedy: 'Plug the reader in, into another port or cable if it was; see the smart card service above; a hub needs power of its own.' },
  },
  cardPath: {
    well: { verdict: 'well', found: 'SELECT PPSE was answered with {sw} in {milliseconds} ms ({what}).' },
    slow: { verdict: 'attention', found: 'SELECT PPSE was answered with {sw}, but only after {milliseconds} ms ({what}).', remedy: 'Hold the card flat and still; if it stays slow, move reader and metal apart, and use a short cable without a hub.' },
    refused: { verdict: 'attention', found: '{what} answered SELECT PPSE with {sw}: it is no payment card, or none that works.', remedy: 'Try a payment card or phone that works elsewhere, phone unlocked.' },
    failed: { verdict: 'wrong', found: 'The card on the reader could not be asked: {why}.', remedy: 'Lay one card flat on the reader and run the doctor again; if another card fails too, replace reader or cable.' },
    noCard: { verdict: 'notUsed', found: 'No card lies on the reader. To try the way to it, hold a card or phone there and run the doctor again.' },
    noReader: { verdict: 'notUsed', found: 'Without a reader there is no way to a card; see the card reader.' },
    off: { verdict: 'notUsed', found: 'Contactless is off, so no card is touched.' },
    paying: { verdict: 'notUsed', found: 'A payment is being taken, which goes before.' },
  },
  serial: {
    notUsed: { verdict: 'notUsed', found: 'terminal.json names no device at a serial port.' },
    well: { verdict: 'well', found: '{devices}: ready.' },
    attention: { verdict: 'attention', found: '{device}: {why}.', remedy: 'Do what it says: paper, cover, baud rate or prefix; `countertap devices` tells more.' },
    absent: { verdict: 'wrong', found: '{device}: {why}.', remedy: 'Plug it in, and see that terminal.json names the right device file (`countertap devices`) and the user is in the group dialout.' },
  },
  hid: {
    notUsed: { verdict: 'notUsed', found: 'terminal.json names no HID scanner.' },
    well: { verdict: 'well', found: '{devices}: ready.' },
    attention: { verdict: 'attention', found: '{device}: {why}.', remedy: 'Do what it says; `countertap devices` tells more.' },
    absent: { verdict: 'wrong', found: '{device}: {why}.', remedy: "Plug it in, set it to HID POS mode with its manual's code, and see that the udev rules are installed." },
  },
  printer: {
    notUsed: { verdict: 'notUsed', found: 'terminal.json names no USB printer.' },
    well: { verdict: 'well', found: '{devices}: ready.' },
    attention: { verdict: 'attention', found: '{device}: {why}.', remedy: 'Do what it says: paper or cover.' },
    absent: { verdict: 'wrong', found: '{device}: {why}.', remedy: 'Switch it on and plug it in; the user needs the group lp (`countertap devices`).' },
  },
  display: {
    well: { verdict: 'well', found: 'The page is served at {url} and {count} browser(s) show it.' },
    unwatched: { verdict: 'attention', found: 'The page is served at {url}, but no browser shows it: shoppers see nothing.', remedy: 'Start the kiosk browser (`systemctl start countertap-kiosk`), or open that address on the display.' },
    unserved: { verdict: 'wrong', found: 'The page is not served at {url}: {why}.', remedy: 'Restart the terminal; if another program has that port, end it or give the display another port in terminal.json.' },
    free: { verdict: 'well', found: 'The page is built, and {url} is free for it.' },
  },
  host: {
    well: { verdict: 'well', found: 'Connected to {peer}; an echo came back in {milliseconds} ms.' },
    connected: { verdict: 'well', found: 'Connected to {peer} over TLS in {milliseconds} ms.' },
    simulated: { verdict: 'notUsed', found: "The configuration's host is simulated; it starts with the terminal." },
    slow: { verdict: 'attention', found: 'Connected to {peer}, but an echo took {milliseconds} ms.', remedy: 'Look at the network (a mobile line, a full one); shoppers wait as long as that.' },
    busy: { verdict: 'attention', found: 'Connected to {peer}; a payment is being taken, so no echo was sent. It last answered {ago} ago.', remedy: 'Run the doctor again when the payment is over.' },
    silent: { verdict: 'wrong', found: 'Connected to {peer}, but it does not answer an echo: {why}. It last answered {ago} ago.', remedy: 'Ask the acquirer whether terminal and merchant identification are known there, and whether their host is up.' },
    down: { verdict: 'wrong', found: 'Not connected: {why}.', remedy: 'Look at the network cable or line, at address and port in terminal.json, at firewall, clock and certificates, in this order.' },
  },
  hostCertificate: FILES,
  hostAuthority: FILES,
  consoleCertificate: FILES,
  tillCertificate: FILES,
  walletCertificate: FILES,
  journal: {
    none: { verdict: 'notUsed', found: 'There is no journal yet: the terminal makes it at its first start.' },
    well: { verdict: 'well', found: 'Whole ({looked}), {megabytes} MB; nothing is owed to the host.' },
    owing: { verdict: 'well', found: 'Whole ({looked}), {megabytes} MB; {reversals} reversals and {forwards} payments are on their way to the host.' },
    owingLong: { verdict: 'attention', found: '{reversals} reversals and {forwards} payments are owed to the host, the oldest for {duration}.', remedy: "They are repeated until the host takes them: see to the host's connection. `countertap journal list --open` names them." },
    refusedLater: { verdict: 'attention', found: 'The host refused {count} payments when they were forwarded.', remedy: 'Settle them with the shoppers: `countertap journal list --refused`, then `countertap note PAYMENT`.' },
    large: { verdict: 'attention', found: 'The journal has {megabytes} MB, more than the {most} MB that are configured.', remedy: 'Close the period (`countertap reconcile`): only settled payments are removed.' },
    broken: { verdict: 'wrong', found: 'The journal is damaged at entry {sequence}: {problem}.', remedy: "Stop the terminal, copy the journal's folder away, then `countertap journal recover`, and compare with the host what it names." },
    refuses: { verdict: 'wrong', found: 'Nothing can be written down, so no payment is taken: {why}.', remedy: 'See the disk first; if it is well, `countertap journal verify` and, if that says broken, `countertap journal recover`.' },
    unfinished: { verdict: 'attention', found: 'Its {megabytes} MB could not be read to the end in {seconds} s.', remedy: 'Run `countertap journal verify`, which takes its time.' },
    unreadable: { verdict: 'wrong', found: "The journal can't be read: {why}.", remedy: "Run the doctor as the terminal's own user; if it is, look at disk and folder of the journal." },
  },
  keys: {
    well: { verdict: 'well', found: '{names} are loaded.' },
    unopened: { verdict: 'well', found: '{names} are in the store; a running terminal says whether they serve.' },
    refuses: { verdict: 'wrong', found: "Account data can't be sealed, so no payment is taken: {why}.", remedy: 'Stop the terminal and load the keys: `countertap keys transport`, then `countertap keys load FILE`.' },
    erased: { verdict: 'wrong', found: '{why}.', remedy: 'Find out who opened the terminal and look at it for manipulation before keys are loaded again.' },
    tamper: { verdict: 'wrong', found: 'The tamper signal {path} says that the case is open.', remedy: 'Look at the terminal for manipulation, close it, then load the keys again. Take no payment before.' },
    tamperUnreadable: { verdict: 'attention', found: "The tamper signal {path} can't be read: {why}.", remedy: 'See to the guard of the case: a wire that is cut tells nobody of a case that is opened.' },
    noMac: { verdict: 'wrong', found: 'The host wants a MAC with every message, and no MAC key is loaded.', remedy: 'Load the MAC key (M3 or M6) that belongs to this terminal: `countertap keys load FILE`.' },
  },
  nfc: {
    on: { verdict: 'well', found: 'Contactless is on; no decision is in force.' },
    inForce: { verdict: 'well', found: '{sentence} ({decisions}).' },
    off: { verdict: 'attention', found: '{sentence} ({decisions}).', remedy: 'It is a decision of the shop and no fault: a manager ends it in the console or with `countertap nfc on`.' },
    pending: { verdict: 'attention', found: '{sentence}; {decisions} wait for a second person.', remedy: 'Another manager approves it in the console or with `countertap nfc approve`.' },
    unreadable: { verdict: 'wrong', found: "The register of decisions can't be read, so nothing contactless is taken: {why}.", remedy: 'A manager begins a new register in the console (Contactless), or `countertap nfc begin`; `countertap nfc verify` names the entry.' },
    notHere: { verdict: 'notUsed', found: 'Only a configuration that can be used tells what was decided.' },
  },
} as const satisfies Readonly<Record<CheckName, Readonly<Record<string, FindingRow>>>>;

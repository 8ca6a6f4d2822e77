import type { Family, Plain, Sample } from '#drivers/metrics/index.ts';
import type { Upkeep } from '#ports/upkeep.ts';
import type { Terminal } from '#terminal/types.ts';
import { journalBytes } from '../journal-bytes.ts';
import type { Places } from '../places.ts';

export interface StateParts {
  readonly terminal: Pick<Terminal, 'status'>;
  readonly places: Pick<Places, 'journal'>;
  readonly version: string;
  readonly upkeep?: Pick<Upkeep, 'standing'>;
}

/** How things stand at the moment of a scrape. */
export const stateFamilies = async (parts: StateParts): Promise<readonly Family[]> => [
  ...terminalFamilies(parts.terminal.status()),
  gauge('countertap_journal_size_bytes', 'Of the journal and its write-ahead log, on the disk', [
    { value: await journalBytes(parts.places.journal) },
  ]),
  gauge('countertap_build_info', 'Always 1; its labels say what runs', [
    { labels: { version: parts.version, node: process.version, machine: process.arch }, value: 1 },
  ]),
  ...updateFamilies(parts.upkeep),
];

const terminalFamilies = (status: ReturnType<Terminal['status']>): readonly Family[] => [
  yesNo('countertap_reader_present', 'Whether a card reader is there', status.readerPresent),
  yesNo('countertap_host_link_up', "Whether the acquirer's host is connected", status.linkUp),
  yesNo(
    'countertap_contactless_accepted',
    "Whether the shop's decisions let contactless cards be taken now",
    status.acceptance.off === undefined,
  ),
  yesNo(
    'countertap_payments_possible',
    'Whether journal and keys let payments be taken',
    status.refusal === undefined,
  ),
  yesNo('countertap_payment_running', 'Whether a payment is being taken', status.state === 'sale'),
  count('countertap_reversals_open', 'Not yet acknowledged by the host', status.openReversals),
  count('countertap_payments_to_forward', 'Approved without the host', status.toForward),
  count(
    'countertap_oldest_to_forward_seconds',
    'Age of the oldest payment that the host has not heard of',
    status.oldestToForwardSeconds ?? 0,
  ),
  count('countertap_wallet_orders_open', "Wallets' orders to be settled", status.openOrders),
  count('countertap_display_watchers', 'Browsers that show the customer display', status.displays),
];

/** As src/upkeep/types.ts has them: each is a series, so that a change is seen as one. */
const PHASES = [
  ...['idle', 'unpacking', 'checked', 'tried', 'switched', 'probation', 'settled', 'rolledBack'],
];

const updateFamilies = (upkeep: StateParts['upkeep']): readonly Family[] => {
  if (upkeep === undefined) return [];
  const { managed, phase, lastLook } = upkeep.standing();
  const samples = PHASES.map((one) => ({ labels: { phase: one }, value: one === phase ? 1 : 0 }));
  const looked = lastLook === undefined ? [] : [{ value: lastLook.atMs / 1000 }];
  return [
    yesNo('countertap_update_managed', 'Whether it runs from a slot that updates go into', managed),
    gauge(
      'countertap_update_phase',
      'How far the latest update has come: 1 for its phase',
      samples,
    ),
    gauge('countertap_update_last_look_timestamp_seconds', 'When it looked for updates', looked),
  ];
};

const gauge = (name: string, help: string, samples: readonly Sample[]): Plain => ({
  ...{ name, help, type: 'gauge', samples },
});

const count = (name: string, help: string, value: number) => gauge(name, help, [{ value }]);

const yesNo = (name: string, help: string, so: boolean) => count(name, help, so ? 1 : 0);

import { zoneOf } from '#acceptance/index.ts';
import { localText } from '#acceptance/zone.ts';
import type { ContactlessSummary, DecisionView, PreviewSummary } from '#decisions/view.ts';
import type { Decided, History, NfcStatus, RegisterCheck } from './requests.ts';

/** What is taken now, for a person. */
export const describeStatus = ({ contactless, qr, waiting, shop }: NfcStatus): string => {
  const zone = zoneOf(shop.timeZone);
  const at = (ms: number) =>
    zone === undefined ? new Date(ms).toISOString() : localText(ms, zone);
  const part = (name: string, summary: ContactlessSummary): string[] => [
    line(name, summary.sentence),
    ...summary.inForce.map(({ says }) => line('in force', says)),
    ...(summary.changesAtMs === undefined ? [] : [line('changes', at(summary.changesAtMs))]),
  ];
  return [
    ...part('contactless', contactless),
    ...(qr === undefined ? [] : part('QR codes', qr)),
    ...waiting.map(({ state, says }) => line(WAITS[state] ?? state, says)),
    ...(contactless.unreadable === undefined ? [] : [line('what to do', wayOut(waiting))]),
  ].join('\n');
};

const WAITS: Readonly<Record<string, string>> = {
  proposed: 'to approve',
  planned: 'planned',
  'outside its hours': 'resting',
};

/** For whoever meets a register that can't be read. */
const wayOut = (waiting: readonly DecisionView[]): string => {
  const begun = waiting.find(({ decision: { beginning } }) => beginning !== undefined);
  if (begun !== undefined) return waits(begun);
  return (
    'find out what happened to it. Then a manager begins it anew: ' +
    '`countertap nfc begin off|on --reason … --by NAME`'
  );
};

export const describeDecided = ({ decision, contactless }: Decided): string => {
  const { state, says } = decision;
  return [
    line(state === 'proposed' ? 'proposed' : 'decided', says),
    ...(state === 'proposed' ? [line('waits', `nothing has changed yet: ${waits(decision)}`)] : []),
    ...(state === 'planned' || state === 'outside its hours' ? [line('', `${state} as yet`)] : []),
    line('contactless', contactless.sentence),
  ].join('\n');
};

const waits = ({ decision: { id } }: DecisionView): string =>
  `another person says \`countertap nfc approve ${id} --by NAME\``;

export const describePreview = ({ says, warnings }: PreviewSummary): string =>
  [
    ...says,
    ...warnings.map((warning) => `warning: ${warning}`),
    'Nothing was changed: this was --dry-run.',
  ].join('\n');

export const describeHistory = ({ decisions }: History): string =>
  decisions.length === 0
    ? 'nothing was ever decided: all is taken'
    : decisions
        .map(({ state, says, supersededBy }) => {
          const by = supersededBy.length === 0 ? '' : ` by ${supersededBy.join(', ')}`;
          return `${`${state}${by}`.padEnd(19)} ${says}`;
        })
        .join('\n');

export const describeCheck = ({ entries, head, problem }: RegisterCheck): string => {
  if (problem !== undefined) return `broken: ${problem}`;
  const upTo = head === '' ? '' : `, up to ${head}`;
  return `whole: ${entries} ${entries === 1 ? 'entry' : 'entries'}${upTo}`;
};

const line = (name: string, text: string): string => `${name.padEnd(11)} ${text}`.trimEnd();

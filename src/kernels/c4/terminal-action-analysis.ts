import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { concerned } from '../shared/action-codes.ts';
import { AAC, ARQC, type CryptogramType, TC } from '../shared/cryptogram-type.ts';
import { ONLINE_ONLY } from '../shared/terminal-types.ts';
import { terminalActionCode } from './configuration.ts';
import { isOfflineOnly } from './reader-capabilities.ts';
import { EMPTY, type Kernel4Run, type Phase, readerSays, setTvr, unableToGoOnline } from './run.ts';

/** C-4, Terminal Risk Management: floor limit and exception file; no chance, no counters. */
export const terminalRiskManagement: Phase = function* (run) {
  if (run.input.preprocessing.readerContactlessFloorLimitExceeded) {
    setTvr(run, 'floorLimitExceeded');
  }
  if (run.input.authentication?.exceptionFile.has(run.pan)) setTvr(run, 'onExceptionFile');
  return 'terminalActionAnalysis';
};

/** C-4, Terminal Action Analysis: which cryptogram to ask for. */
export const terminalActionAnalysis: Phase = function* (run) {
  run.asked = decide(run);
  return 'cardActionAnalysis';
};

const decide = (run: Kernel4Run): CryptogramType => {
  if (concerns(run, DENIAL)) return AAC;
  const { preprocessing } = run.input;
  // Nothing is sold: the issuer is to say whether the account is there.
  if (preprocessing.zeroAmount || preprocessing.statusCheckRequested) return ARQC;
  return byKind(run);
};

const byKind = (run: Kernel4Run): CryptogramType => {
  // Authorised later: the reader takes the card's word that it would ask its issuer.
  if (readerSays(run, 'delayedAuthorisation')) return concerns(run, ONLINE) ? ARQC : TC;
  // The digest of C-4 has a TC here whatever the TVR says; decided after Book 3 §10.7, which asks
  // the Default codes: what they name is to be declined where nobody can be asked.
  if (isOfflineOnly(run.input)) return concerns(run, DEFAULT) ? AAC : TC;
  const unable = unableToGoOnline(run);
  if (ONLINE_ONLY.includes(run.input.terminal.get(tag.terminalType)?.[0] ?? 0)) {
    return unable ? AAC : ARQC;
  }
  if (!concerns(run, ONLINE)) return TC;
  if (!unable) return ARQC;
  return concerns(run, DEFAULT) ? AAC : TC;
};

interface ActionCodes {
  readonly terminal: number;
  readonly issuer: number;
  /** For a card without the issuer's code. Book 3 §10.7 */
  readonly withoutIssuer: Uint8Array;
}

const DENIAL: ActionCodes = {
  terminal: tag.terminalActionCodeDenialK2,
  issuer: tag.issuerActionCodeDenial,
  withoutIssuer: EMPTY,
};

const ONLINE: ActionCodes = {
  terminal: tag.terminalActionCodeOnlineK2,
  issuer: tag.issuerActionCodeOnline,
  withoutIssuer: hex('FFFFFFFFFF'),
};

const DEFAULT: ActionCodes = {
  terminal: tag.terminalActionCodeDefault,
  issuer: tag.issuerActionCodeDefault,
  withoutIssuer: hex('FFFFFFFFFF'),
};

const concerns = (run: Kernel4Run, { terminal, issuer, withoutIssuer }: ActionCodes): boolean =>
  concerned(run.tvr, terminalActionCode(run.input.terminal, terminal)) ||
  concerned(run.tvr, run.card.get(issuer) ?? withoutIssuer);

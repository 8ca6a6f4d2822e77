import { tag } from '#data/dictionary.ts';
import { AAC, ARQC, type CryptogramType, TC } from '../shared/cryptogram-type.ts';
import { OFFLINE_ONLY, ONLINE_ONLY } from '../shared/terminal-types.ts';
import { bytesOf, dataBit, type Kernel8Run } from './run.ts';

/**
 * Terminal Action Analysis, C-8: decline (AAC), accept (TC) or ask the issuer (ARQC). It runs
 * before GENERATE AC and, with what came of it, once more after it. There are no issuer's codes.
 */
export const analyseActions = (run: Kernel8Run): CryptogramType => {
  if (meets(run, tag.terminalActionCodeDenialK8)) return AAC;
  const type = bytesOf(run, tag.terminalType)[0] ?? 0;
  if (ONLINE_ONLY.includes(type)) return ARQC;
  const offlineCapable = dataBit(run, tag.applicationInterchangeProfile, 2, 4);
  if (OFFLINE_ONLY.includes(type)) return offlineCapable ? TC : AAC;
  return !offlineCapable || meets(run, tag.terminalActionCodeOnlineK8) ? ARQC : TC;
};

const meets = (run: Kernel8Run, code: number): boolean =>
  bytesOf(run, code).some((byte, i) => (byte & (run.tvr[i] ?? 0)) !== 0);

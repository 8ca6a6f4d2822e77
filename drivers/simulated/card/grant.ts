import type { CryptogramType } from './cryptogram.ts';

/** Card risk management. A card may always refuse, and never grants more than asked. Book 3 §9.3 */
export const grant = (
  decision: 'online' | 'offline' | 'decline',
  asked: CryptogramType,
): CryptogramType => {
  if (decision === 'decline' || asked === 'aac') return 'aac';
  return decision === 'offline' && asked === 'tc' ? 'tc' : 'arqc';
};

import type { TillDesk } from '#ports/till-line.ts';
import { POI_ID } from '#test/support/till-words.ts';
import { createTillDesk } from '#till/index.ts';
import type { DeskParts } from './desk-parts.ts';

/** The desk that the simulated till talks to, as main composes it; messages come unencrypted. */
export const openDesk = (parts: DeskParts): TillDesk =>
  createTillDesk({
    ...parts,
    keys: () => undefined,
    plain: true,
    poiId: POI_ID,
    merchantId: 'CORNERSHOP00001',
    terminalId: 'CTAP0001',
    currency: 840,
    wallets: [],
    softwareVersion: 'simulated',
    language: () => 'en',
  });

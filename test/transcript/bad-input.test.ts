import { describe, expect, it } from 'vitest';
import { campaign, transcriptsIn } from '../../scripts/fuzz/campaign.ts';

// Every emulated card in every scene; `npm run damage` does the same with every byte and every bit.
const SLICE = { stride: 23, masks: [0x01, 0x80] };

describe('a card whose answers are cut, flipped, refused or missing', () => {
  for (const file of transcriptsIn('test/transcripts')) {
    it(`${file.replace('test/transcripts/', '')}: no throw, no approval on altered ground`, () => {
      const { failures, taps } = campaign(file, SLICE);
      expect(failures).toEqual([]);
      expect(taps).toBeGreaterThan(10);
    });
  }
});

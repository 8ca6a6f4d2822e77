import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configurationFor, noteConfiguration } from '../../src/cli/noted-configuration.ts';
import { type Places, placesIn } from '../../src/cli/places.ts';

let state = '';
let places: Places;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-noted-'));
  places = placesIn(state);
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

describe('the configuration of a state folder', () => {
  it('is the one that is asked for, or the shipped one, while no terminal ran with it', () => {
    expect(configurationFor(places, undefined)).toEqual({ name: 'base' });
    expect(configurationFor(places, 'other')).toEqual({ name: 'other' });
  });

  it('is that of the terminal that last ran, and no other', () => {
    const [first, second] = [join(state, 'a'), join(state, 'b')];
    for (const folder of [first, second]) {
      mkdirSync(folder);
      noteConfiguration(places, folder);
    }
    expect(configurationFor(places, undefined)).toEqual({ name: second });
    expect(configurationFor(places, first)).toEqual({
      problem: expect.stringContaining('its rules count: leave --config out'),
    });
  });

  it('has to be said when its folder is gone', () => {
    noteConfiguration(places, join(state, 'gone'));
    expect(configurationFor(places, undefined)).toEqual({
      problem: expect.stringMatching(/gone is gone, with which the terminal ran: --config/),
    });
    expect(configurationFor(places, 'base')).toEqual({ name: 'base' });
  });
});

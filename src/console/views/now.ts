import { firstValueFrom } from 'rxjs';
import { summaryOf } from '#decisions/view.ts';
import type { NowView, ReaderView } from '../api.ts';
import type { ConsoleParts } from '../parts.ts';
import { laneFacts } from './decisions.ts';

export const nowView = async (parts: ConsoleParts): Promise<NowView> => {
  const { terminal, decisions, shop, clock, upkeep } = parts;
  const status = terminal.status();
  const [refusedLater, device] = await Promise.all([terminal.refusedLater(), readerView(parts)]);
  return {
    atMs: clock.wallMs(),
    status,
    contactless: summaryOf(decisions, laneFacts(shop.lane)),
    device,
    displays: status.displays,
    refusedLater: refusedLater ?? 0,
    upkeep: upkeep.standing(),
  };
};

export const readerView = async ({
  reader$,
  silence,
  terminal,
}: ConsoleParts): Promise<ReaderView> => {
  const state = await firstValueFrom(reader$);
  const present = state.reader === 'present';
  return { present, name: present ? state.name : terminal.status().reader, ...silence() };
};

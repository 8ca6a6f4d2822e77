import type { KioskMessage } from '#drivers/kiosk/message.ts';
import type { DisplayView } from '#ports/customer-display.ts';

const APPROVING: ReadonlySet<string> = new Set([
  'approved',
  'approvedSign',
  'approvedPart',
  'refunded',
  'amountHeld',
]);

/** Reads what the shopper is shown until the terminal ends; tells each approval and its amount. */
export const watchDisplay = async (
  url: string,
  approved: (amountMinor: number, view: DisplayView) => void,
): Promise<void> => {
  try {
    const response = await fetch(new URL('events', url));
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const lines = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const view = line.startsWith('data: {') ? viewIn(line.slice(6)) : undefined;
        if (view !== undefined && APPROVING.has(view.screen)) {
          approved(Number((view.amount ?? '').replaceAll(/\D/g, '')), view);
        }
      }
    }
  } catch {
    // It was killed.
  }
};

const viewIn = (text: string): DisplayView | undefined =>
  (JSON.parse(text) as KioskMessage).view ?? undefined;

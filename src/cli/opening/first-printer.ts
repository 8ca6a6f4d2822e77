import { firstValueFrom } from 'rxjs';
import type { DeviceHealth } from '#ports/devices.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { ReceiptPrinter } from '#ports/receipt-printer.ts';

/**
 * Several printers as one: the first that is ready prints, and one that isn't when no other can.
 * Resolves to why not of the first that was tried.
 */
export const onFirstReady = (
  printers: readonly Pick<ReceiptPrinter, 'print' | 'devices$'>[],
): Pick<ReceiptPrinter, 'print'> => ({
  print: async (receipt) => {
    const healths = await Promise.all(printers.map(healthOf));
    const inOrder = BEST_FIRST.flatMap((health) =>
      printers.filter((_, index) => healths[index] === health),
    );
    let refusal: Fault | undefined;
    for (const printer of inOrder) {
      const refused = await printer.print(receipt);
      if (refused === undefined) return undefined;
      refusal ??= refused;
    }
    return refusal ?? fault('device', 'this terminal has no receipt printer');
  },
});

type Health = DeviceHealth['health'];

// Some that need attention print all the same: paper that is low is paper.
const BEST_FIRST: readonly Health[] = ['ready', 'attention', 'absent'];

const healthOf = async ({ devices$ }: Pick<ReceiptPrinter, 'devices$'>): Promise<Health> => {
  const [device] = await firstValueFrom(devices$, { defaultValue: [] });
  return device?.health.health ?? 'absent';
};

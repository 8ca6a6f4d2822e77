import { isMalformed } from '#bytes/malformed.ts';
import { parseDescriptor, type ReportDescriptor } from './descriptor.ts';
import { type ScanLayout, scanLayouts } from './scan-layout.ts';
import type { HidSighting } from './sightings.ts';
import { SCANNER_VENDORS, USAGES } from './usages.ts';

/** USB ids to go by; without one, any scanner is taken. */
export interface Wanted {
  readonly vendorId?: number;
  readonly productId?: number;
}

/** What a HID device is to us. */
export type Role =
  | {
      readonly role: 'scanner';
      readonly because: string;
      readonly descriptor: ReportDescriptor;
      readonly layouts: ReadonlyMap<number, ScanLayout>;
    }
  /** Seen, and worth a line: a technician may look for it. */
  | { readonly role: 'unused'; readonly because: string }
  /** A mouse, a keyboard, and whatever else. */
  | { readonly role: 'none' };

export const roleOf = (sighting: HidSighting, wanted: Wanted): Role => {
  const descriptor = parseDescriptor(sighting.descriptor);
  const isNamed = wanted.vendorId !== undefined || wanted.productId !== undefined;
  const fits = isWanted(sighting, wanted);
  if (isMalformed(descriptor)) {
    const because = `its report descriptor can't be read: ${descriptor.problem}`;
    return isNamed && fits ? { role: 'unused', because } : { role: 'none' };
  }
  const layouts = scanLayouts(descriptor);
  if (layouts.size === 0) return withoutCodes(sighting, descriptor, isNamed && fits);
  if (!fits) return { role: 'unused', because: `configuration names ${nameOfWanted(wanted)}` };
  const because = isNamed ? `configuration names ${nameOfWanted(wanted)}` : TELLS;
  return { role: 'scanner', because, descriptor, layouts };
};

/** "0c2e:0b01", "0c2e:*" */
export const nameOfWanted = ({ vendorId, productId }: Wanted): string =>
  `${nameOfId(vendorId)}:${nameOfId(productId)}`;

const TELLS =
  'its report descriptor tells of decoded data (usage 8C:FE): a scanner in HID POS mode';

const nameOfId = (id: number | undefined): string =>
  id === undefined ? '*' : id.toString(16).padStart(4, '0');

const isWanted = ({ vendorId, productId }: HidSighting, wanted: Wanted): boolean =>
  (wanted.vendorId ?? vendorId) === vendorId && (wanted.productId ?? productId) === productId;

// Most scanners leave the factory as keyboards.
const withoutCodes = (
  { vendorId, name }: HidSighting,
  { applications }: ReportDescriptor,
  isNamed: boolean,
): Role => {
  const maker = SCANNER_VENDORS.get(vendorId);
  const isScanner = maker !== undefined || /scan|bar ?code/i.test(name);
  if (isScanner && applications.includes(USAGES.keyboard)) {
    return {
      role: 'unused',
      because: `${maker ?? 'the scanner'} types as a keyboard: set it to HID POS (drivers/hid)`,
    };
  }
  if (applications.some((usage) => SCANNER_APPLICATIONS.includes(usage))) {
    return { role: 'unused', because: 'a scanner that sends no decoded data (usage 8C:FE)' };
  }
  return isNamed
    ? { role: 'unused', because: 'named in the configuration, and no scanner in HID POS mode' }
    : { role: 'none' };
};

const SCANNER_APPLICATIONS: readonly number[] = [
  USAGES.scanner,
  USAGES.badgeReader,
  USAGES.cordlessBase,
  USAGES.cradle,
];

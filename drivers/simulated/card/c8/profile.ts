import { sw } from '#apdu/status-words.ts';
import { bit, concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { channelMac } from '#crypto/blinded-diffie-hellman.ts';
import { aesCmacPlus } from '#crypto/cmac.ts';
import { sha256 } from '#crypto/sha2.ts';
import { tag } from '#data/dictionary.ts';
import { applicationCryptogram } from '../../issuer/index.ts';
import {
  type CardTransaction,
  type CryptogramType,
  listed,
  responseTemplate,
  resultsOf,
  typeBits,
} from '../cryptogram.ts';
import { decide } from '../mchip.ts';
import type { CardApplication } from '../personalise.ts';
import type { CryptogramRequest, Profile } from '../profile.ts';
import { openCardChannel } from './channel.ts';

/**
 * The common kernel's cards (kernel 8): keys are agreed on at GET PROCESSING OPTIONS, GENERATE AC
 * makes a cryptogram and the MAC that proves the whole exchange. Book C-8
 */
export const c8: Profile = {
  processingOptions(app, { terminal, random }) {
    const terminalKey = terminal.get(tag.kernelKeyData) ?? NOTHING;
    const opened = app.channel && openCardChannel(app.channel.key, terminalKey, random(40));
    if (opened === undefined) return { sw: sw.conditionsNotSatisfied };
    const computed = new Map([[tag.cardKeyData, opened.cardKeyData]]);
    return {
      sw: sw.ok,
      data: responseTemplate(app, app.processingOptions, computed),
      channel: opened.channel,
    };
  },
  generateAc(app, transaction, request) {
    const holder = verification(app, transaction);
    const type = holder.asksHolder ? 'aac' : decide(app.decision, request.type);
    const elements = authenticated(app, transaction, request, type, holder.elements);
    if (elements === undefined) return { sw: sw.conditionsNotSatisfied };
    const data = responseTemplate(app, app.generateAc, elements);
    return { sw: sw.ok, data, asksHolder: holder.asksHolder };
  },
};

const NOTHING = new Uint8Array();

/** Where the default IAD MAC offset (9F821E) of a terminal for these cards has to point. */
const IAD_MAC_AT = 24;

interface Holder {
  readonly asksHolder: boolean;
  readonly elements: ReadonlyMap<number, Uint8Array>;
}

// Cardholder Verification Decision (9F8102). Terminal Risk Management Data says whether the amount
// asks for it (byte 2 bit 8), and what the terminal can do (byte 1).
const verification = (
  { verification: kind }: CardApplication,
  { terminal, verifiedOnDevice }: CardTransaction,
): Holder => {
  const risk = terminal.get(tag.terminalRiskManagementData) ?? NOTHING;
  const decided = (decision: number): Holder => ({
    asksHolder: false,
    elements: new Map([[tag.cardholderVerificationDecision, Uint8Array.of(decision)]]),
  });
  if (!bit(risk, 2, 8)) return decided(bit(risk, 1, 4) ? NO_CVM : NOT_NEEDED);
  if ('onDevice' in kind) {
    if (verifiedOnDevice) return decided(CDCVM);
    // Present again, and look at the phone.
    const wish = decided(NOT_NEEDED).elements;
    const elements = new Map([...wish, [tag.restartIndicator, Uint8Array.of(0x20, 0x20)]]);
    return { asksHolder: true, elements };
  }
  if (kind.inTerminal.includes('onlinePin') && bit(risk, 1, 7)) return decided(ONLINE_PIN);
  if (kind.inTerminal.includes('signature') && bit(risk, 1, 6)) return decided(SIGNATURE);
  return decided(FAILED);
};

const NO_CVM = 0x00;
const SIGNATURE = 0x01;
const ONLINE_PIN = 0x02;
const CDCVM = 0x03;
const NOT_NEEDED = 0x0f;
const FAILED = 0xff;

// The cryptogram covers the IAD with the IAD-MAC in it; on its way the IAD has zeros there.
const authenticated = (
  app: CardApplication,
  transaction: CardTransaction,
  { cdol1Values }: CryptogramRequest,
  type: CryptogramType,
  more: ReadonlyMap<number, Uint8Array>,
): Map<number, Uint8Array> | undefined => {
  const { channel: personal } = app;
  const { channel, atc, pdolValues, relayResistance, terminal } = transaction;
  if (personal === undefined || channel === undefined) return undefined;
  const iad = resultsOf(app, transaction, type);
  const elements = new Map([
    ...more,
    [tag.applicationTransactionCounter, atc],
    [tag.cryptogramInformationData, Uint8Array.of(typeBits[type] << 6)],
    [tag.issuerApplicationData, iad],
  ]);
  const iadMac = aesCmacPlus(
    channel.keys.integrity,
    concat(
      NO_COUNTER,
      pdolValues,
      cdol1Values,
      relayResistance ?? NOTHING,
      ...listed(app, app.generateAc, elements),
      sha256(personal.staticData),
    ),
  ).subarray(0, 8);
  const whole = Uint8Array.from(iad);
  whole.set(iadMac, IAD_MAC_AT);
  const aip = app.elements.get(tag.applicationInterchangeProfile) ?? NOTHING;
  const cryptogram = applicationCryptogram(
    app.method,
    app.masterKey,
    new Map([
      ...terminal,
      [tag.applicationTransactionCounter, atc],
      [tag.issuerApplicationData, whole],
      [tag.applicationInterchangeProfile, aip],
    ]),
  );
  if (isMalformed(cryptogram)) return undefined;
  const mac = Uint8Array.from(channelMac(channel.keys, 0, cryptogram.value, iadMac));
  if (personal.flaw === 'mac') mac[0] = (mac[0] ?? 0) ^ 0x01;
  return elements
    .set(tag.applicationCryptogram, cryptogram.value)
    .set(tag.enhancedDataAuthenticationMac, mac);
};

const NO_COUNTER = new Uint8Array(2);

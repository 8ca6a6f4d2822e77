import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTlvs } from '#tlv/tlv.ts';
import { outcome, reason } from '../shared/outcome.ts';
import { asksForSignature, listsOnlinePin } from './cardholder-verification.ts';
import { approved, declined, insertOrDecline, message } from './outcomes.ts';
import { cardBytes, EMPTY, type Phase, readerSays } from './run.ts';

/** What the activation for the host's answer has to know of the card that has left by then. */
const KNOWN_BEFORE = [
  tag.applicationInterchangeProfile,
  tag.cardInterfaceAndPaymentCapabilities,
  tag.cvmList,
  tag.languagePreference,
];

/**
 * C-4, Online Response (Start D): what the Authorisation Response Code (8A) comes to. No second
 * GENERATE AC: the card has left.
 */
export const onlineResponse: Phase = function* (run) {
  for (const element of KNOWN_BEFORE) {
    const value = run.input.before?.(element);
    if (value !== undefined) run.card.set(element, value);
  }
  run.cvmResults = run.input.before?.(tag.cvmResults) ?? run.cvmResults;
  run.cvm = asksForSignature(run.cvmResults) ? 'obtainSignature' : 'none';
  const code = responseCode(run.input.onlineResponse ?? EMPTY);
  const why = reason(`the host answered ${code ?? 'without a response code'}`);
  if (code === undefined) return withoutRecord(declined(run, why));
  if (APPROVALS.has(code)) return withoutRecord(approved(run, why));
  if (code === ANOTHER_INTERFACE) return withoutRecord(insertOrDecline(run, why));
  if (code !== ONLINE_PIN) return withoutRecord(declined(run, why));
  const takesPin = readerSays(run, 'onlinePin') && listsOnlinePin(cardBytes(run, tag.cvmList));
  if (!takesPin) return withoutRecord(insertOrDecline(run, why));
  return outcome('requestOnlinePin', {
    // The same request goes out once more, with the PIN; its answer leads here again.
    start: 'D',
    onlineResponseType: 'any',
    cvm: 'onlinePin',
    uiOnOutcome: message(run, '09', 'processing'),
    why: [...run.why, why],
  });
};

// What the acquirer needed it has had.
const withoutRecord = (result: ReturnType<typeof outcome>) => ({ ...result, dataRecord: [] });

const responseCode = (response: Uint8Array): string | undefined => {
  const objects = parseTlvs(response);
  if (isMalformed(objects)) return undefined;
  const value = objects.find((one) => one.tag === tag.authorisationResponseCode)?.value;
  return value?.length === 2 ? String.fromCharCode(...value) : undefined;
};

const APPROVALS: ReadonlySet<string> = new Set(['00', '08', '10', '11']);
const ANOTHER_INTERFACE = '12';
const ONLINE_PIN = '13';

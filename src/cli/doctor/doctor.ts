import {
  CHECKS,
  type CheckName,
  type Diagnosis,
  diagnosisText,
  finding,
  isCheckName,
} from '#doctor/index.ts';
import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Finding } from '#ports/finding.ts';
import { type ExitCode, exit, failAs, say } from '../exit.ts';
import type { Places } from '../places.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  readonly check?: readonly string[];
  readonly config?: string;
}

/** `countertap doctor`: 0 well, 1 something needs attention or is wrong, 3 no such check. */
export const doctor = async (
  places: Places,
  { json = false, check, config }: DoctorOptions,
): Promise<ExitCode> => {
  const unknown = check?.find((name) => !isCheckName(name));
  if (unknown !== undefined) {
    const names = CHECKS.map(({ name }) => name).join(', ');
    return failAs(json, `there is no check "${unknown}"; there are ${names}`);
  }
  const only = check as readonly CheckName[] | undefined;
  const diagnosis = await diagnose(places, only, config);
  say(json ? JSON.stringify(diagnosis) : diagnosisText(diagnosis));
  return diagnosis.verdict === 'well' ? exit.ok : UNWELL;
};

const UNWELL = exit.declined;

/** What the running terminal says of itself; where none answers, what can be seen from outside. */
export const diagnose = async (
  places: Places,
  only?: readonly CheckName[],
  config?: string,
): Promise<Diagnosis> => {
  const asked = { op: 'doctor', ...(only === undefined ? {} : { checks: only }) };
  const answer = await inTime(call(places.controlSocket, asked));
  if (!isFault(answer) && 'diagnosis' in answer) return answer['diagnosis'] as Diagnosis;
  const { examineHere } = await import('./doctor-here.ts');
  return examineHere(places, { only, config, terminal: notTold(answer) });
};

// The terminal's own checks end within nine seconds; one that hangs says nothing at all.
const inTime = async (answer: Promise<ControlLine | Fault>): Promise<ControlLine | Fault> => {
  const { promise: late, resolve } = Promise.withResolvers<Fault>();
  const timer = setTimeout(resolve, ANSWER_WITHIN_MS, fault('timeout', 'it does not answer'));
  const first = await Promise.race([answer, late]);
  clearTimeout(timer);
  return first;
};

const ANSWER_WITHIN_MS = 9500;

const notTold = (answer: ControlLine | Fault): Finding => {
  if (!isFault(answer)) return finding('terminal', 'older', { why: String(answer['error']) });
  // The client's own words where nobody listens; a socket of another user's is no absence.
  if (answer.detail.startsWith('no terminal is running')) return finding('terminal', 'none');
  return finding('terminal', 'unasked', { why: answer.detail });
};

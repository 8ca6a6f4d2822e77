/** What is looked at to find out why a terminal doesn't work, and in which words it is told. */

export { type Attachment, attachedFinding } from './attached.ts';
export { type CertificateCheck, certificateFinding, type SeenFile } from './certificates.ts';
export { CHECKS, type CheckName, isCheckName } from './checks.ts';
export { type ClockFacts, clockFinding } from './clock.ts';
export { type Diagnosis, examine, type Probes, type ToldFinding, worst } from './examine.ts';
export { ANY, FINDINGS } from './findings.ts';
export { firmwareFinding, type NotedFirmware } from './firmware.ts';
export { HANDBOOK_MARKS, handbook } from './handbook.ts';
export { diskFinding, megabytes, memoryFinding, nodeFinding } from './machine.ts';
export { finding } from './say.ts';
export { slotsFinding, standingFinding } from './update.ts';
export { diagnosisText, durationWords } from './words.ts';

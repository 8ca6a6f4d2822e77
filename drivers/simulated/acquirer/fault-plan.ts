import type { Message } from '#iso8583/index.ts';
import { type FaultName, faults, type HostFault, type Wire } from './faults.ts';
import type { Host } from './host.ts';

/** What a fault may strike, by MTI of the request. */
export const faultTargets = {
  payment: /^0[12]0/,
  advice: /^0[12]2/,
  reversal: /^04/,
  reconciliation: /^05/,
  network: /^08/,
  any: /^0/,
} as const;

export type FaultTarget = keyof typeof faultTargets;

export const isFaultTarget = (name: unknown): name is FaultTarget =>
  typeof name === 'string' && Object.hasOwn(faultTargets, name);

export interface OrderedFault {
  readonly name: FaultName;
  /** How many messages it strikes. */
  readonly times: number;
  readonly on: FaultTarget;
}

/** What goes wrong next. One order at a time: another takes its place. */
export interface FaultPlan {
  order(fault: OrderedFault | undefined): void;
  /** What is left of the order. */
  next(): OrderedFault | undefined;
  /** The fault that strikes this request, if any, and counts it. */
  take(request: Message): HostFault | undefined;
}

export const createFaultPlan = (): FaultPlan => {
  let ordered: OrderedFault | undefined;
  return {
    order: (fault) => {
      ordered = fault;
    },
    next: () => ordered,
    take: (request) => {
      if (ordered === undefined || !faultTargets[ordered.on].test(request.mti)) return undefined;
      const { name, times, on } = ordered;
      ordered = times > 1 ? { name, times: times - 1, on } : undefined;
      return faults[name];
    },
  };
};

/**
 * One request from its arrival to what goes out on the wire: the answer, or what a fault makes of
 * it. In a simulation the wire is the simulation's own.
 * @param slowMs every answer is held back for so long
 */
export const respond = async (
  request: Message,
  host: Host,
  fault: HostFault | undefined,
  wire: Wire,
  slowMs = 0,
): Promise<void> => {
  if (fault?.recorded === false) return fault.deliver(request, wire);
  const answer = await host(request);
  if (answer === undefined) return;
  if (slowMs > 0) await wire.pause(slowMs);
  if (fault === undefined) wire.send(answer);
  else await fault.deliver(answer, wire);
};

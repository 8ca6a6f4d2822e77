import {
  answerHeader,
  failure,
  type NexoResponse,
  type PoiStatus,
  timeStamp,
} from '#nexo/index.ts';
import { shown } from './display.ts';
import type { TillParts } from './parts.ts';
import { refused, type Turn } from './turn.ts';

/** A session begins. No till needs one: every message says whose it is. */
export const login = ({ desk, request }: Turn<'Login'>): NexoResponse<'Login'> => {
  const { parts } = desk;
  const software = {
    ManufacturerID: 'Countertap',
    ApplicationName: 'Countertap',
    SoftwareVersion: parts.softwareVersion,
    CertificationCode: 'none',
  };
  const wantsToken = request.body.TokenRequestedType !== undefined;
  return {
    category: 'Login',
    header: answerHeader(request.header),
    body: {
      Response: { Result: 'Success' },
      POISystemData: {
        DateTime: timeStamp(parts.clock.wallMs()),
        POISoftware: software,
        POIStatus: poiStatus(desk),
      },
      ...(wantsToken ? { TokenRequestStatus: true } : {}),
    },
  };
};

export const logout = ({ request }: Turn<'Logout'>): NexoResponse<'Logout'> => ({
  category: 'Logout',
  header: answerHeader(request.header),
  body: { Response: { Result: 'Success' } },
});

/** How the terminal is: what it knows at this moment, nothing is tried for it. */
export const diagnosis = ({ desk, request }: Turn<'Diagnosis'>): NexoResponse<'Diagnosis'> => {
  const { linkUp, refusal } = desk.parts.terminal.status();
  const response =
    refusal === undefined
      ? ({ Result: 'Success' } as const)
      : failure('UnavailableService', { message: refusal });
  const { HostDiagnosisFlag, AcquirerID = [ACQUIRER] } = request.body;
  const hosts = AcquirerID.map((id) => ({
    AcquirerID: id,
    IsReachableFlag: id === ACQUIRER && linkUp,
  }));
  return {
    category: 'Diagnosis',
    header: answerHeader(request.header),
    body: {
      Response: response,
      POIStatus: poiStatus(desk),
      ...(HostDiagnosisFlag === true ? { HostStatus: hosts } : {}),
    },
  };
};

/**
 * "Swipe ahead". A contactless card is presented once, to the amount: so it is not read ahead. The
 * till's text is shown until the payment itself comes, or is taken away.
 */
export const enableService = (turn: Turn<'EnableService'>): NexoResponse<'EnableService'> => {
  const { desk, request } = turn;
  const { TransactionAction, DisplayOutput } = request.body;
  const { terminal } = desk.parts;
  if (desk.service !== undefined) {
    return refused(turn, 'Busy', 'the terminal is at work for another request');
  }
  const why =
    TransactionAction === 'StartTransaction'
      ? DisplayOutput && shown(terminal.tell, DisplayOutput)
      : shown(terminal.tell, IDLE);
  return {
    category: 'EnableService',
    header: answerHeader(request.header),
    body: { Response: why === undefined ? { Result: 'Success' } : failure(...why) },
  };
};

const IDLE = {
  Device: 'CustomerDisplay',
  OutputContent: { OutputFormat: 'MessageRef', PredefinedContent: { ReferenceID: 'Idle' } },
} as const;

// The terminal has one, and no number for it in its configuration.
const ACQUIRER = '1';

const poiStatus = ({
  parts,
  service,
}: Pick<Turn['desk'], 'service'> & { readonly parts: TillParts }): PoiStatus => {
  const { state, readerPresent, linkUp, refusal, keysRefusal } = parts.terminal.status();
  const busy = service !== undefined || state === 'sale';
  const down = refusal !== undefined || !readerPresent;
  return {
    GlobalStatus: down ? 'Maintenance' : busy ? 'Busy' : linkUp ? 'OK' : 'Unreachable',
    SecurityOKFlag: keysRefusal === undefined,
    CardReaderOKFlag: readerPresent,
    CommunicationOKFlag: linkUp,
    ...(parts.print === undefined ? {} : { PrinterStatus: 'OK' }),
  };
};

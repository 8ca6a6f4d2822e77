import { useConsole } from './console-context.ts';
import { ContactlessPage } from './contactless/contactless-page.tsx';
import { DecisionPage } from './contactless/decision-page.tsx';
import { DevicesPage } from './devices/devices-page.tsx';
import { DoctorPageLater } from './doctor/index.tsx';
import { NowPage } from './now/now-page.tsx';
import { PaymentPage } from './payments/payment-page.tsx';
import { PaymentsPage } from './payments/payments-page.tsx';
import { ReceiptPage } from './payments/receipt-page.tsx';
import { AuditPage } from './people/audit-page.tsx';
import { MyPage } from './people/my-page.tsx';
import { PeoplePage } from './people/people-page.tsx';
import { Nothing, Page } from './pieces/page.tsx';
import type { Route } from './route.ts';
import { SettingsPage } from './settings/settings-page.tsx';
import { T } from './texts.ts';
import { UpdatesPageLater } from './updates/index.tsx';

/** The page of an address. What somebody's role may not see is not there for them. */
export const PageAt = ({ route }: { readonly route: Route }) => {
  const { may } = useConsole();
  const [place = 'now', what, more] = route;
  if (place === 'now') return <NowPage />;
  if (place === 'contactless' && may('seeDecisions')) {
    const asked = what === 'off' || what === 'on' || what === 'anew' ? what : undefined;
    if (asked === undefined) return <ContactlessPage />;
    if (may('decide')) return <DecisionPage key={asked} asked={asked} />;
  }
  if (place === 'payments' && may('seePayments')) {
    if (what === undefined) return <PaymentsPage />;
    if (more === 'receipt' && may('reprint')) return <ReceiptPage key={what} id={what} />;
    return <PaymentPage key={what} id={what} />;
  }
  if (place === 'settings' && may('seeSettings')) return <SettingsPage />;
  if (place === 'devices' && may('seeDevices')) return <DevicesPage />;
  if (place === 'doctor' && may('seeDoctor')) return <DoctorPageLater />;
  if (place === 'updates' && may('seeDoctor')) return <UpdatesPageLater />;
  if (place === 'people' && may('seePeople')) return <PeoplePage />;
  if (place === 'audit' && may('seePeople')) return <AuditPage />;
  if (place === 'me') return <MyPage />;
  return (
    <Page title={T.notHere}>
      <Nothing>{T.notHereWhy}</Nothing>
    </Page>
  );
};

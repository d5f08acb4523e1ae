import { LinkButton } from '@/ui/LinkButton';
import { Allowed } from '@/app/Allowed';
import { Page } from '@/ui/Page';
import { PlusIcon } from '@/ui/icons';
import { PendingDevices } from './PendingDevices';
import { TokenList } from './TokenList';

export function EnrolmentPage() {
  return <Allowed role="operator"><Enrolment /></Allowed>;
}

function Enrolment() {
  return (
    <Page
      title="Enrolment" lead="Who waits to be let in, and which commands can still add devices."
      actions={<LinkButton to="/add-device" leftSection={<PlusIcon />}>Add a device</LinkButton>}
    >
      <PendingDevices />
      <TokenList />
    </Page>
  );
}

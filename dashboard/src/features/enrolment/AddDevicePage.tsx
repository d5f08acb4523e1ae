import { useState } from 'react';
import type { CreatedEnrolmentToken } from '@/api/types';
import { Allowed } from '@/app/Allowed';
import { Page, Panel } from '@/ui/Page';
import { Arrivals } from './Arrivals';
import { TokenForm } from './TokenForm';

export function AddDevicePage() {
  return <Allowed role="operator"><AddDevice /></Allowed>;
}

function AddDevice() {
  const [token, setToken] = useState<CreatedEnrolmentToken | null>(null);
  return (
    <Page
      title="Add a device"
      lead="You get one command. Run it on the device: it makes its own keys there, and shows up here. The keys never leave it."
    >
      {token === null
        ? <Panel><TokenForm onCreated={setToken} /></Panel>
        : <Arrivals key={token.id} token={token} onAnother={() => setToken(null)} />}
    </Page>
  );
}

import { Button } from '@mantine/core';
import { useState } from 'react';
import { toBase64Url } from '@/trust/protocol/bytes';
import type { BrowserKey } from '@/trust/store/keyStore';
import { Copyable } from '@/ui/Copyable';
import { shortDate } from '@/ui/format/time';
import css from '../Trust.module.css';

/** For fleetctl, which takes it as a file of one line. */
export function PublicKeyText({ browserKey }: { browserKey: BrowserKey }) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <div className={css['row']}>
        <Button size="compact-sm" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>Public key</Button>
        <span className="quiet small">Made {shortDate(browserKey.createdAt)}; the private half cannot be copied out of this browser.</span>
      </div>
      {shown ? <Copyable text={toBase64Url(browserKey.publicKey.point)} label="Public key, for fleetctl" /> : null}
    </>
  );
}

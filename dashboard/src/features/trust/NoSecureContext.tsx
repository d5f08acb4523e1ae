import { Notice } from '@/ui/Notice';

/** Why there is neither a key nor anything verified here, and what to do. */
export function NoSecureContext() {
  return (
    <Notice tone="warn" title="This page has no secure connection, so this browser cannot sign">
      Browsers make and use keys only on pages that come over HTTPS, or from the same machine (<code>http://localhost</code>). Open the dashboard by
      its <code>https://</code> address, or sign with <code>fleetctl</code>.
    </Notice>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { type BrowserKey, forgetKey } from '@/trust/store/keyStore';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { ErrorNotice } from '@/ui/Notice';

export function ForgetKey({ browserKey }: { browserKey: BrowserKey }) {
  const queries = useQueryClient();
  const forget = useMutation({
    mutationFn: () => forgetKey(browserKey),
    onSuccess: () => queries.setQueryData(keys.browserKey(browserKey.fleetId, browserKey.accountId), null),
  });
  return (
    <>
      <ConfirmButton label="Delete this key" confirm="Really delete, there is no copy" pending={forget.isPending} onConfirm={() => forget.mutate()} />
      {forget.error ? <ErrorNotice error={forget.error} /> : null}
    </>
  );
}

import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { askToPersist, makeKey } from '@/trust/store/keyStore';
import { KeyIcon } from '@/ui/icons';
import { ErrorNotice } from '@/ui/Notice';
import css from '../Trust.module.css';

export function MakeKey({ fleetId, accountId }: { fleetId: string; accountId: string }) {
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: async () => {
      const key = await makeKey(fleetId, accountId);
      await askToPersist();
      return key;
    },
    onSuccess: (key) => queries.setQueryData(keys.browserKey(fleetId, accountId), key),
  });
  return (
    <div className={css['stack']}>
      <p>
        You have none here. With a key that an owner has let in, you command devices yourself, whatever happens to the server. It is made in this
        browser and cannot be copied out of it.
      </p>
      {make.error ? <ErrorNotice error={make.error} /> : null}
      <div className={css['row']}><Button leftSection={<KeyIcon />} loading={make.isPending} onClick={() => make.mutate()}>Make a key</Button></div>
    </div>
  );
}

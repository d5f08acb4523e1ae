import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { publishDrafts, repositoryFiles } from '@/api/repository';
import type { Draft } from '@/repository/draft';
import type { Published } from '@/repository/published';
import { readPublished } from '@/repository/signingRoom';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { Refused } from '@/trust/refused';
import { ErrorNotice, Notice } from '@/ui/Notice';

interface Props {
  fleet: FleetTrust;
  drafts: readonly Draft[];
  onPublished: (published: Published) => void;
}

/** Everything is signed: the last step. */
export function PublishBar({ fleet, drafts, onPublished }: Props) {
  const queries = useQueryClient();
  const publish = useMutation({
    mutationFn: async () => {
      await publishDrafts();
      // Not by its word: as it shows it from now on.
      const { published } = await readPublished(repositoryFiles, fleet);
      const shown = [published?.root.file.digest, published?.targets.file.digest];
      if (published === null || drafts.some(({ file }) => !shown.includes(file.digest))) {
        throw new Refused('The server says that it has published, and shows something else than what was signed: somebody has changed it in the meantime, or the server holds it back. Look at what it shows.');
      }
      return published;
    },
    onSuccess: onPublished,
    onSettled: () => queries.invalidateQueries({ queryKey: keys.repository }),
  });
  return (
    <>
      {publish.error ? <ErrorNotice error={publish.error} /> : null}
      <Notice tone="good" title="Everything is signed" action={<Button size="sm" loading={publish.isPending} onClick={() => publish.mutate()}>Publish</Button>}>
        Published, devices are shown all of it at once. The server first has it read as devices do, and publishes nothing that they would refuse.
      </Notice>
    </>
  );
}

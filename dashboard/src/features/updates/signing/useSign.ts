import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { ProblemError } from '@/api/problem';
import { putSignature } from '@/api/repository';
import { type Draft, signDraft } from '@/repository/draft';
import type { SigningKey } from '@/trust/protocol/signingKey';
import { Refused } from '@/trust/refused';

/** Signs exactly the bytes that were shown, and hands the server the signature. */
export function useSign(draft: Draft) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (open: () => SigningKey | Promise<SigningKey>) => {
      const { keyId, signature } = await signDraft(draft, await open(), Date.now());
      try {
        await putSignature(draft.role, keyId, signature);
      } catch (error) {
        if (error instanceof ProblemError && (error.code === 'signature_wrong' || error.code === 'not_a_signer' || error.status === 404)) {
          throw new Refused(`Somebody has changed the draft of the ${draft.role} since it was shown here, or taken it back. Your signature counts for nothing: look at what waits now.`);
        }
        throw error;
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keys.repository }),
  });
}

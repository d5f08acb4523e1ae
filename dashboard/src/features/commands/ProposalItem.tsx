import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { postSignature, proposalOrder, withdrawProposal } from '@/api/commands';
import { keys } from '@/api/keys';
import { mayActAs, sessionQuery } from '@/api/session';
import type { Proposal } from '@/api/types';
import { commandTitle } from '@/features/device/commands/commandText';
import { openProposal, type OpenedProposal, signProposal } from '@/trust/proposal';
import { browserKeyQuery, trustQuery } from '@/trust/queries';
import { Refused } from '@/trust/refused';
import { Chip } from '@/ui/Chip';
import { ErrorNotice } from '@/ui/Notice';
import { Time } from '@/ui/Time';
import css from './Commands.module.css';

/** A command that waits for signatures. What it says is read from the bytes that are to be signed, here. */
export function ProposalItem({ proposal }: { proposal: Proposal }) {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const [opened, setOpened] = useState<OpenedProposal | null>(null);
  const look = useMutation({
    mutationFn: async () => {
      const state = await queries.query(trustQuery);
      if (state.kind !== 'good') throw new Refused('Nothing can be verified here: open the dashboard over HTTPS, and look at the page Trust.');
      return openProposal(state.trust, await proposalOrder(proposal.id), proposal.id);
    },
    onSuccess: setOpened,
  });
  const changed = () => queries.invalidateQueries({ queryKey: keys.proposals });
  const sign = useMutation({
    mutationFn: async (what: OpenedProposal) => {
      const state = await queries.query(trustQuery);
      if (state.kind !== 'good' || !session) throw new Refused('Nothing can be verified here.');
      const key = await queries.query(browserKeyQuery(state.trust.root.fleetId, session.user.id));
      return postSignature(proposal.id, await signProposal(state.trust, key, what, Date.now()));
    },
    onSettled: () => Promise.all([changed(), queries.invalidateQueries({ queryKey: keys.commandSets })]),
  });
  const withdraw = useMutation({ mutationFn: () => withdrawProposal(proposal.id), onSettled: changed });
  const mine = session?.user.role === 'owner' || session?.user.username === proposal.createdBy;
  return (
    <div className={css['item']} data-proposal={proposal.id}>
      <div className={css['head']}>
        <strong>{commandTitle(proposal.type)}</strong>
        <span className={css['sub']}>for {proposal.size.toLocaleString('en-GB')} {proposal.size === 1 ? 'device' : 'devices'}, proposed by {proposal.createdBy}</span>
        <Chip tone="warn">{proposal.signers.length} of {proposal.needed} signatures</Chip>
        <span className={css['aside']}>
          expires <Time value={proposal.expiresAt} />
          {mine ? <Button size="compact-xs" variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>Withdraw</Button> : null}
          {mayActAs(session?.user.role, 'operator') && opened === null
            ? <Button size="compact-xs" loading={look.isPending} onClick={() => look.mutate()}>Look at it</Button>
            : null}
        </span>
      </div>
      {opened ? (
        <>
          <dl className={css['facts']} aria-label="What is to be signed">
            <dt>Command</dt><dd>{opened.type}{opened.dryRun ? ' (dry run)' : ''}</dd>
            <dt>Arguments</dt><dd>{opened.args}</dd>
            <dt>{opened.devices.length === 1 ? 'Device' : `${opened.devices.length.toLocaleString('en-GB')} devices`}</dt>
            <dd>{opened.devices.slice(0, 5).join(' ')}{opened.devices.length > 5 ? ` and ${opened.devices.length - 5} more` : ''}</dd>
            <dt>Expires</dt><dd><Time value={new Date(opened.expiresAt).toISOString()} /></dd>
            <dt>Signed by</dt><dd>{opened.signers.map(({ id, roles }) => `${id.slice(0, 8)} (${roles.join(', ')})`).join(', ')}</dd>
          </dl>
          <div className={css['buttons']}>
            <Button variant="default" size="xs" onClick={() => setOpened(null)}>Close</Button>
            <Button size="xs" loading={sign.isPending} onClick={() => sign.mutate(opened)}>Sign exactly this</Button>
          </div>
        </>
      ) : null}
      {[look.error, sign.error, withdraw.error].map((error, i) => (error ? <ErrorNotice key={i} error={error} /> : null))}
    </div>
  );
}

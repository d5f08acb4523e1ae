import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Session } from '@/api/types';
import { TakenOver } from '@/features/trust/takeOver/TakenOver';
import { TakeOver } from '@/features/trust/takeOver/TakeOver';
import { isServersOwn } from '@/trust/plans/rosterEdits';
import { trustQuery } from '@/trust/queries';
import { Gate } from '@/ui/Gate';
import { LinkButton } from '@/ui/LinkButton';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonLines } from '@/ui/Skeleton';

/** The second half of setting up: the fleet becomes its owner's. It can be left for later. */
export function MakeYours({ session }: { session: Session }) {
  const navigate = useNavigate();
  const trust = useQuery(trustQuery);
  const [taken, setTaken] = useState(false);
  const title = 'Make this fleet yours';
  if (trust.isPending) return <Gate title={title} wide><SkeletonLines lines={3} label="Reading whom devices trust" /></Gate>;
  if (taken) return <Gate title={title} wide><TakenOver><LinkButton to="/devices" replace>To the devices</LinkButton></TakenOver></Gate>;
  if (trust.isError || trust.data.kind === 'alarm') {
    return (
      <Gate title={title} wide>
        <ErrorNotice error={trust.error ?? new Error('The server shows another fleet than this browser knows from before. The page Trust says more.')} retry={() => void trust.refetch()} />
        <LinkButton to="/devices" replace variant="default">Later</LinkButton>
      </Gate>
    );
  }
  if (trust.data.kind === 'good' && !isServersOwn(trust.data.trust)) return <Navigate to="/devices" replace />;
  return (
    <Gate title={title} wide>
      <TakeOver accountId={session.user.id} onDone={() => setTaken(true)} onLater={() => void navigate({ to: '/devices', replace: true })} />
    </Gate>
  );
}

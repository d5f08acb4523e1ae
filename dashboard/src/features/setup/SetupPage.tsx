import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { keys } from '@/api/keys';
import { ProblemError } from '@/api/problem';
import { setUp, setupQuery } from '@/api/session';
import type { Session } from '@/api/types';
import { LinkButton } from '@/ui/LinkButton';
import { Gate } from '@/ui/Gate';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { SkeletonLines } from '@/ui/Skeleton';
import { MakeYours } from './MakeYours';
import { NewPassword } from './NewPassword';
import { minimumLength } from './passwordStrength';

/** The token stays behind the # so that no server or proxy on the way writes it into a log. */
function readToken(): string {
  return decodeURIComponent(window.location.hash.replace(/^#/, ''));
}

export function SetupPage() {
  const [token] = useState(readToken);
  const setup = useQuery(setupQuery);
  const [made, setMade] = useState<Session | null>(null);
  if (made) return <MakeYours session={made} />;
  if (setup.isPending) return <Gate title="Set up"><SkeletonLines lines={3} /></Gate>;
  if (setup.isError) return <Gate title="Set up"><ErrorNotice error={setup.error} retry={() => void setup.refetch()} /></Gate>;
  if (!setup.data.required) {
    return (
      <Gate title="This server is set up already">
        <p className="quiet">The set-up link works once. If you have an account, sign in; otherwise ask an owner to make you one.</p>
        <LinkButton to="/sign-in">Sign in</LinkButton>
      </Gate>
    );
  }
  if (token === '') {
    return (
      <Gate title="Open the set-up link">
        <Notice title="Only somebody who can read the server’s terminal may set it up">
          <p className="small">When it started for the first time, the fleet server printed a link that ends in <code>/setup#…</code>. Open exactly that link.</p>
        </Notice>
      </Gate>
    );
  }
  return <MakeOwner token={token} onMade={setMade} />;
}

function MakeOwner({ token, onMade }: { token: string; onMade: (session: Session) => void }) {
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: () => setUp(token, username.trim(), password),
    onSuccess: (session) => {
      onMade(session);
      queries.setQueryData(keys.setup, { required: false });
      queries.setQueryData(keys.session, session);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  const refused = attempt.error instanceof ProblemError && (attempt.error.status === 401 || attempt.error.status === 403);
  const ready = username.trim().length > 0 && password.length >= minimumLength;
  return (
    <Gate title="Welcome" lead="Make the first account. It is an owner: it may do everything, and it makes the accounts of others.">
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        {attempt.error ? <ErrorNotice error={attempt.error} {...(refused ? { advice: 'Open the newest set-up link that the server printed.' } : {})} /> : null}
        <TextInput
          label="Your name" description="To sign in with; it also stands in the audit log." autoComplete="username" autoFocus required
          value={username} onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <NewPassword username={username} value={password} onChange={setPassword} />
        <Button type="submit" disabled={!ready} loading={attempt.isPending} fullWidth>Create the owner and sign in</Button>
      </form>
    </Gate>
  );
}

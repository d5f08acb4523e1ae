import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { keys } from '@/api/keys';
import { ProblemError } from '@/api/problem';
import { sessionQuery, signIn } from '@/api/session';
import { Gate } from '@/ui/Gate';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { safeNext } from './safeNext';

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onSuccess: async (started) => {
      queries.setQueryData(keys.session, started);
      await navigate({ to: safeNext(next) });
    },
    onError: () => setPassword(''),
  });
  if (session && attempt.isIdle) return <Navigate to={safeNext(next)} />;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <Gate title="Sign in">
      <form onSubmit={submit} style={{ display: 'grid', gap: 16 }}>
        {attempt.error ? <SignInFailed error={attempt.error} /> : next ? <Notice title="Sign in to see that page" /> : null}
        <TextInput label="Name" autoComplete="username" autoFocus required value={username} onChange={(e) => setUsername(e.currentTarget.value)} />
        <PasswordInput
          label="Password" autoComplete="current-password" required value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
        <Button type="submit" loading={attempt.isPending} fullWidth>Sign in</Button>
      </form>
    </Gate>
  );
}

function SignInFailed({ error }: { error: Error }) {
  if (error instanceof ProblemError && error.status === 401) {
    return <Notice tone="bad" title="Name or password is wrong">Check both and try again. An owner can set a new password for you.</Notice>;
  }
  return <ErrorNotice error={error} />;
}

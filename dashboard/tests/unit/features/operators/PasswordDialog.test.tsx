// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PasswordDialog } from '@/features/operators/PasswordDialog';
import { show } from '../../show';

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } });

/** A server at which an owner with the id "me" is signed in; the last argument answers the change of a password. */
function signedIn(answer: () => Response = () => new Response(null, { status: 204 })) {
  const changes: { path: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    if (url === '/api/v1/session') return Promise.resolve(json({ user: { id: 'me', username: 'mira', role: 'owner' }, csrfToken: 'secret' }));
    changes.push({ path: url, body: JSON.parse(init.body as string) });
    return Promise.resolve(answer());
  });
  return changes;
}

const button = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Set the password' });

afterEach(() => { vi.unstubAllGlobals(); });

describe('PasswordDialog', () => {
  it('own_AsksForTheCurrentOneAndSendsBoth', async () => {
    const changes = signedIn();
    const closed = vi.fn();
    show(<PasswordDialog operator={{ id: 'me', username: 'mira' }} onClose={closed} />);
    const current = await screen.findByLabelText(/Current password/, { selector: 'input' });
    await userEvent.type(screen.getByLabelText(/New password/, { selector: 'input' }), 'nine yellow kites');
    expect(button().disabled).toBe(true);
    await userEvent.type(current, 'quiet lamp');
    await userEvent.click(button());
    await waitFor(() => { expect(closed).toHaveBeenCalledOnce(); });
    expect(changes).toEqual([{ path: '/api/v1/operators/me/password', body: { password: 'nine yellow kites', currentPassword: 'quiet lamp' } }]);
  });

  it('wrongCurrentOne_SaysSoAndStays', async () => {
    signedIn(() => json({ title: 'Forbidden', status: 403, code: 'wrong_password', detail: 'The current password is wrong.' }, 403));
    const closed = vi.fn();
    show(<PasswordDialog operator={{ id: 'me', username: 'mira' }} onClose={closed} />);
    await userEvent.type(await screen.findByLabelText(/Current password/, { selector: 'input' }), 'not this one');
    await userEvent.type(screen.getByLabelText(/New password/, { selector: 'input' }), 'nine yellow kites');
    await userEvent.click(button());
    await screen.findByText('The current password is wrong.');
    screen.getByText(/Type the current password again/);
    expect(closed).not.toHaveBeenCalled();
  });

  it('ofSomebodyElse_AsksForNoCurrentOne', async () => {
    const changes = signedIn();
    const closed = vi.fn();
    show(<PasswordDialog operator={{ id: 'other', username: 'jonas' }} onClose={closed} />);
    await userEvent.type(await screen.findByLabelText(/New password/, { selector: 'input' }), 'nine yellow kites');
    expect(screen.queryByLabelText(/Current password/, { selector: 'input' })).toBeNull();
    await userEvent.click(button());
    await waitFor(() => { expect(closed).toHaveBeenCalledOnce(); });
    expect(changes).toEqual([{ path: '/api/v1/operators/other/password', body: { password: 'nine yellow kites' } }]);
  });
});

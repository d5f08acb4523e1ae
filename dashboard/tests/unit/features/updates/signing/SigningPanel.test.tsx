// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { putSignature } from '@/api/repository';
import { ProblemError } from '@/api/problem';
import { Changes } from '@/features/updates/signing/Changes';
import { DraftItem } from '@/features/updates/signing/DraftItem';
import { keyName, type KeyBook } from '@/features/updates/signing/keyName';
import { SigningPanel } from '@/features/updates/signing/SigningPanel';
import type { Repository } from '@/api/types';
import type { Change } from '@/repository/changes';
import type { Draft } from '@/repository/draft';
import { type RepositoryKey, repositoryKey } from '@/repository/repositoryKey';
import type { FleetTrust } from '@/trust/protocol/fleetTrust';
import { makeSigningKey } from '@/trust/protocol/signingKey';
import type { BrowserKey } from '@/trust/store/keyStore';
import { show } from '../../../show';

vi.mock('@/api/repository', async (original) => ({ ...(await original<typeof import('@/api/repository')>()), putSignature: vi.fn() }));
vi.mock('@/ui/LinkButton', () => ({ LinkButton: ({ children }: { children: string }) => <a href="/trust">{children}</a> }));

const put = vi.mocked(putSignature);
beforeEach(() => {
  put.mockReset();
});

async function world() {
  const [mine, theirs] = await Promise.all([makeSigningKey(false), makeSigningKey(false)]);
  const [own, other] = await Promise.all([repositoryKey(mine.publicKey), repositoryKey(theirs.publicKey)]);
  const fleet = { root: { root: { threshold: 1, keys: [] }, owner: { threshold: 1, keys: [own.key] } }, roster: { principals: [{ identity: other.key, roles: ['operator'] }] } } as unknown as FleetTrust;
  const book: KeyBook = { fleet, own: own.key, requests: [] };
  const browserKey = { ...mine, fingerprint: own.fingerprint } as unknown as BrowserKey;
  return { own, other, book, browserKey };
}

const draft = (keys: readonly RepositoryKey[], change: Partial<Draft> = {}): Draft => ({
  role: 'targets',
  file: { role: 'targets', signed: new Map(), canonical: new TextEncoder().encode('{}'), digest: 'd'.repeat(64), signatures: new Map(), version: 3, expires: Date.now() + 86_400_000 },
  needs: [{ by: 'the targets’ keys of root 1', role: { threshold: 1, keys }, signers: [] }],
  problems: [], changes: [{ mark: 'added', text: 'messaging-agent 1.4.0', details: ['sha256 abab'], signed: '{"length":1}' }], same: 2, before: null, ...change,
});

describe('DraftItem', () => {
  it('says what changes and who signs, and signs exactly that', async () => {
    const { own, other, book, browserKey } = await world();
    put.mockResolvedValue(undefined);
    show(<DraftItem draft={draft([own, other])} browserKey={browserKey} book={book} mayOperate />);
    expect(screen.getByText('One signature is missing')).toBeDefined();
    expect(screen.getByLabelText('What these targets change').textContent).toContain('2 others stay as they are.');
    expect(screen.getByText('{"length":1}')).toBeDefined();
    const signers = within(screen.getByRole('list', { name: /^Who signs/ })).getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(signers[0]).toMatch(/^May signYou, in this browser \(an owner’s key\)/);
    expect(signers[1]).toMatch(/^May signIn the roster as operator/);
    await userEvent.click(screen.getByRole('button', { name: 'Sign exactly this' }));
    await waitFor(() => expect(put).toHaveBeenCalledWith('targets', own.id, expect.stringMatching(/^30[0-9a-f]+$/)));
  });

  it('without a key of the role says what to do, and offers a key file', async () => {
    const { other, book, browserKey } = await world();
    show(<DraftItem draft={draft([other])} browserKey={browserKey} book={book} mayOperate />);
    expect(screen.getByText('This browser’s key does not sign the targets')).toBeDefined();
    expect(screen.getByText(/fleetctl artifact root --root-key FILE --targets-key FILE.pub/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Sign exactly this' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Sign with a key file…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Sign targets 3 with a key file' });
    expect(within(dialog).getByRole('button', { name: 'Sign exactly this' }).hasAttribute('disabled')).toBe(true);
  });

  it('of a root, without any key here, points to the recovery file', async () => {
    const { other, book } = await world();
    show(<DraftItem draft={draft([other], { role: 'root' })} browserKey={null} book={book} mayOperate />);
    expect(screen.getByText('You have no key in this browser')).toBeDefined();
    expect(screen.getByText(/choose the recovery file/)).toBeDefined();
  });

  it('with a problem offers nothing to sign with', async () => {
    const { own, book, browserKey } = await world();
    show(<DraftItem draft={draft([own], { problems: ['It is version 9.'] })} browserKey={browserKey} book={book} mayOperate />);
    expect(screen.getByRole('alert').textContent).toContain('It is version 9.');
    expect(screen.queryByRole('button', { name: /Sign/ })).toBeNull();
  });

  it('that is complete says so, and asks for no more', async () => {
    const { own, other, book, browserKey } = await world();
    show(<DraftItem draft={draft([own, other], { needs: [{ by: 'x', role: { threshold: 1, keys: [own, other] }, signers: [other] }] })} browserKey={browserKey} book={book} mayOperate />);
    expect(screen.getByText('Signed')).toBeDefined();
    expect(screen.queryByRole('button', { name: /Sign/ })).toBeNull();
  });

  it('to a viewer offers nothing', async () => {
    const { own, book, browserKey } = await world();
    show(<DraftItem draft={draft([own])} browserKey={browserKey} book={book} mayOperate={false} />);
    expect(screen.queryByRole('button', { name: /Sign/ })).toBeNull();
  });

  it('says that somebody has changed it, when the signature is of something else by now', async () => {
    const { own, book, browserKey } = await world();
    put.mockRejectedValue(new ProblemError(422, { code: 'signature_wrong' }));
    show(<DraftItem draft={draft([own])} browserKey={browserKey} book={book} mayOperate />);
    await userEvent.click(screen.getByRole('button', { name: 'Sign exactly this' }));
    expect((await screen.findByRole('alert')).textContent).toMatch(/Somebody has changed the draft of the targets/);
  });

  it('of what this browser has signed does not ask again', async () => {
    const { own, other, book, browserKey } = await world();
    const needs = [{ by: 'the targets’ keys of root 1', role: { threshold: 2, keys: [own, other] }, signers: [own] }];
    show(<DraftItem draft={draft([own, other], { needs })} browserKey={browserKey} book={book} mayOperate />);
    expect(screen.getByText('This browser’s key has signed it.')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Sign exactly this' })).toBeNull();
  });
});

describe('Changes', () => {
  it('shows the first, and all when asked', async () => {
    const { own, book } = await world();
    const changes = Array.from({ length: 25 }, (_, i): Change => ({ mark: 'added', text: `release ${i}`, details: [] }));
    show(<Changes draft={draft([own], { changes, same: 0 })} book={book} />);
    expect(screen.queryByText(/release 24/)).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Show the other 5 changes' }));
    expect(screen.getByText(/release 24/)).toBeDefined();
  });
});

describe('SigningPanel', () => {
  const repository: Repository = { state: 'ready', warnings: [], root: null, targets: null, drafts: [] };

  it('says that nothing waits', () => {
    show(<SigningPanel repository={repository} />);
    expect(screen.getByText('Nothing waits')).toBeDefined();
  });

  it('is not there before there is a repository', () => {
    show(<SigningPanel repository={{ ...repository, state: 'none' }} />);
    expect(screen.queryByText('Waiting for signatures')).toBeNull();
  });

  it('without a secure connection says that nothing is signed here', async () => {
    show(<SigningPanel repository={{ ...repository, drafts: [{ role: 'targets', version: 2, digest: '', missing: [], complete: false }] }} />);
    expect(await screen.findByText(/This page has no secure connection/)).toBeDefined();
  });
});

describe('keyName', () => {
  it('says whose a key is', async () => {
    const { own, other, book } = await world();
    const stranger = await repositoryKey((await makeSigningKey(false)).publicKey);
    expect([own, other, stranger].map((key) => keyName(key, { ...book, own: null }))).toEqual(['An owner’s key', 'In the roster as operator', 'Not in the roster']);
    const request = { id: '1', account: 'jonas', key: '', fingerprint: other.fingerprint, principal: '', role: 'operator' as const, createdAt: '', acceptedAt: '2026-01-01T00:00:00Z' };
    expect(keyName(other, { ...book, requests: [request] })).toBe('jonas (in the roster as operator)');
    expect(keyName(other, { ...book, requests: [{ ...request, acceptedAt: null }] })).toBe('In the roster as operator');
  });
});

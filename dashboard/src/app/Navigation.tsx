import { ActionIcon, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { mayActAs, sessionQuery } from '@/api/session';
import type { Role } from '@/api/types';
import { ProposalCount } from '@/features/commands/ProposalCount';
import { PendingCount } from '@/features/enrolment/PendingCount';
import { BookIcon, DevicesIcon, HelpIcon, KeyIcon, OutIcon, PeopleIcon, PlusIcon, PulseIcon, RelayIcon, ShieldIcon, TicketIcon, UpdateIcon } from '@/ui/icons';
import { Logo } from '@/ui/Logo';
import { ErrorNotice } from '@/ui/Notice';
import { ColourSchemeButton } from './ColourSchemeButton';
import { LiveBadge } from './LiveBadge';
import css from './Navigation.module.css';
import { useSignOut } from './useSignOut';

const PasswordDialog = lazy(async () => ({ default: (await import('@/features/operators/PasswordDialog')).PasswordDialog }));

interface Entry {
  to: NonNullable<LinkProps['to']>;
  label: string;
  icon: ReactNode;
  role: Role;
  aside?: ReactNode;
}

const fleet: Entry[] = [
  { to: '/devices', label: 'Devices', icon: <DevicesIcon />, role: 'viewer' },
  { to: '/commands', label: 'Commands', icon: <PulseIcon />, role: 'viewer', aside: <ProposalCount /> },
  { to: '/updates', label: 'Updates', icon: <UpdateIcon />, role: 'viewer' },
  { to: '/add-device', label: 'Add a device', icon: <PlusIcon />, role: 'operator' },
  { to: '/enrolment', label: 'Enrolment', icon: <TicketIcon />, role: 'operator', aside: <PendingCount /> },
  { to: '/trust', label: 'Trust', icon: <ShieldIcon />, role: 'viewer' },
];

const administration: Entry[] = [
  { to: '/operators', label: 'Operators', icon: <PeopleIcon />, role: 'owner' },
  { to: '/api-tokens', label: 'API tokens', icon: <KeyIcon />, role: 'owner' },
  { to: '/audit', label: 'Audit log', icon: <BookIcon />, role: 'owner' },
  { to: '/relay', label: 'Relay', icon: <RelayIcon />, role: 'viewer' },
  { to: '/system', label: 'System', icon: <PulseIcon />, role: 'viewer' },
];

export function Navigation({ onHelp }: { onHelp: () => void }) {
  const { data: session } = useQuery(sessionQuery);
  const signOut = useSignOut();
  const [changing, setChanging] = useState(false);
  const user = session?.user;
  const links = (entries: Entry[]) => entries.filter((entry) => mayActAs(user?.role, entry.role)).map((entry) => (
    <Link key={entry.to} to={entry.to} className={css['link'] ?? ''} activeOptions={{ includeSearch: false }}>
      {entry.icon}{entry.label}{entry.aside ? <span className={css['count']}>{entry.aside}</span> : null}
    </Link>
  ));
  return (
    <>
      <Link to="/devices" className={css['brand'] ?? ''} aria-label="Messaging, to the devices"><Logo />Messaging</Link>
      <nav className={css['nav']} aria-label="Main">
        {links(fleet)}
        <div className={css['group']}>This server</div>
        {links(administration)}
      </nav>
      <div className={css['foot']}>
        <div className={css['row']}>
          <LiveBadge />
          <div className={css['buttons']}>
            <Tooltip label="Keyboard help (?)">
              <ActionIcon variant="subtle" color="gray" aria-label="Keyboard help" onClick={onHelp}><HelpIcon /></ActionIcon>
            </Tooltip>
            <ColourSchemeButton />
          </div>
        </div>
        <div className={css['row']}>
          <div className={css['user']}>
            <div className={css['name']}>{user?.username}</div>
            <div className={css['role']}>{user?.role}</div>
          </div>
          <div className={css['buttons']}>
            <Tooltip label="Change my password">
              <ActionIcon variant="subtle" color="gray" aria-label="Change my password" onClick={() => setChanging(true)}><KeyIcon /></ActionIcon>
            </Tooltip>
            <Tooltip label="Sign out">
              <ActionIcon variant="subtle" color="gray" aria-label="Sign out" loading={signOut.isPending} onClick={() => signOut.mutate()}><OutIcon /></ActionIcon>
            </Tooltip>
          </div>
        </div>
        {signOut.error ? <ErrorNotice error={signOut.error} /> : null}
      </div>
      {changing && user ? (
        <Suspense><PasswordDialog operator={user} onClose={() => setChanging(false)} /></Suspense>
      ) : null}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { mayActAs, sessionQuery } from '@/api/session';
import type { Role } from '@/api/types';
import { Notice } from '@/ui/Notice';
import { Page } from '@/ui/Page';

const names: Record<Role, string> = { viewer: 'viewers', operator: 'operators and owners', owner: 'owners' };

/** Says why a page is empty instead of showing refused requests. The server enforces the same rule. */
export function Allowed({ role, children }: { role: Role; children: ReactNode }) {
  const { data: session } = useQuery(sessionQuery);
  if (mayActAs(session?.user.role, role)) return children;
  return (
    <Page title="Not for your role">
      <Notice tone="warn" title={`This page is for ${names[role]}`}>Ask an owner for that role if you need it.</Notice>
    </Page>
  );
}

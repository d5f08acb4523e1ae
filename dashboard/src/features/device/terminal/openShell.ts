import type { QueryClient } from '@tanstack/react-query';
import { openSession } from '@/features/device/session/openSession';
import { shellArguments, type TerminalSize } from '@/sessions/arguments';
import type { SessionClient, SessionListener } from '@/sessions/client';
import { firstWindow } from '@/sessions/link';

const terminalType = 'xterm-256color';

/** A terminal. `onWaiting`: what it waits for, until the device has answered. */
export const openShell = (
  queries: QueryClient, deviceId: string, size: TerminalSize, listener: SessionListener, onWaiting: (what: string) => void,
): Promise<SessionClient> => openSession(
  queries, deviceId, { type: 'shell', args: (session, point) => shellArguments(session, point, size, terminalType), window: firstWindow }, listener, onWaiting,
);

import { useComputedColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { resizeBody } from '@/sessions/arguments';
import type { SessionClient } from '@/sessions/client';
import type { SessionEnd } from '@/sessions/end';
import { maxMessageBytes, messageKind } from '@/sessions/link';
import type { Bytes } from '@/trust/protocol/bytes';
import { type EndText, endText } from './endText';
import { openShell } from './openShell';
import { openScreen, type Screen } from './screen';

export type Phase =
  | { kind: 'closed'; error: unknown; end: EndText | null }
  | { kind: 'opening'; what: string }
  | { kind: 'open' }
  | { kind: 'interrupted' };

/** One terminal of the device: what is typed goes into the session, what comes is shown, and the page says how it stands. */
export function useTerminal(deviceId: string) {
  const queries = useQueryClient();
  const [phase, setPhase] = useState<Phase>({ kind: 'closed', error: null, end: null });
  const [refused, setRefused] = useState(0);
  const [wasOpen, setWasOpen] = useState(false);
  const hostRef = useRef<HTMLDivElement>(null);
  const closeRef = useRef<HTMLButtonElement>(null);
  const screen = useRef<Screen | null>(null);
  const client = useRef<SessionClient | null>(null);
  const scheme = useComputedColorScheme('light');

  useEffect(() => screen.current?.useTheme(), [scheme]);
  useEffect(() => () => {
    client.current?.close();
    client.current = null;
    screen.current?.dispose();
    screen.current = null;
  }, [deviceId]);

  const open = useCallback(() => {
    const host = hostRef.current;
    if (host === null) return;
    setRefused(0);
    setWasOpen(true);
    setPhase({ kind: 'opening', what: 'the device' });
    // The element gets its size with the next picture, and the terminal's follows from that.
    requestAnimationFrame(() => {
      screen.current?.dispose();
      const shown = openScreen(host, {
        onTyped: (bytes) => type(client.current, bytes),
        onResize: (size) => client.current?.send({ kind: messageKind.resize, body: resizeBody(size) }),
        onLeave: () => closeRef.current?.focus(),
      });
      screen.current = shown;
      const listener = {
        onState: (state: 'opening' | 'open' | 'interrupted') => {
          setPhase(state === 'opening' ? { kind: 'opening', what: 'the device' } : { kind: state });
          if (state === 'open') shown.focus();
        },
        onData: (bytes: Bytes, done: () => void) => shown.write(bytes, done),
        onRefused: setRefused,
        onEnd: (end: SessionEnd) => {
          client.current = null;
          setPhase({ kind: 'closed', error: null, end: endText(end) });
        },
      };
      const waiting = (what: string) => setPhase((now) => (now.kind === 'opening' ? { kind: 'opening', what } : now));
      openShell(queries, deviceId, shown.size(), listener, waiting).then(
        (opened) => { client.current = opened; },
        (error: unknown) => {
          setWasOpen(false);
          setPhase({ kind: 'closed', error, end: null });
        },
      );
    });
  }, [deviceId, queries]);

  const close = useCallback(() => client.current?.close(), []);
  return { phase, refused, wasOpen, open, close, hostRef, closeRef };
}

/** What is pasted may be longer than a message. */
function type(client: SessionClient | null, bytes: Bytes): void {
  for (let at = 0; at < bytes.length; at += maxMessageBytes) {
    client?.send({ kind: messageKind.data, body: bytes.slice(at, at + maxMessageBytes) });
  }
}

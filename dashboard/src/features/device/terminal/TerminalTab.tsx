import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { mayActAs, sessionQuery } from '@/api/session';
import { obstacleTo, remedyFor, useSigning } from '@/features/device/commands/useSigning';
import { Chip } from '@/ui/Chip';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { useDevice } from '../deviceContext';
import { obstacleOf } from '../session/openSession';
import { Recordings } from './Recordings';
import css from './Terminal.module.css';
import { type Phase, useTerminal } from './useTerminal';

export function TerminalTab() {
  const device = useDevice();
  const { data: session } = useQuery(sessionQuery);
  const signing = useSigning();
  const { phase, refused, wasOpen, open, close, hostRef, closeRef } = useTerminal(device.id);
  if (!mayActAs(session?.user.role, 'operator')) {
    return (
      <>
        <Panel title="Terminal"><Notice title="You may look, not type">A terminal needs the role operator or owner.</Notice></Panel>
        <Recordings deviceId={device.id} mayDownload={false} />
      </>
    );
  }
  const obstacle = obstacleOf(device, 'shell') ?? (obstacleTo(signing, 'shell') === null ? null : `${obstacleTo(signing, 'shell') ?? ''} ${remedyFor(signing, ['shell']) ?? ''}`);
  const isShown = phase.kind !== 'closed' || wasOpen;
  return (
    <>
      <Panel title="Terminal" padded={false} aside={<Aside phase={phase} onClose={close} closeRef={closeRef} />}>
        {phase.kind === 'closed' ? (
          <div className={css['closed']}>
            {phase.error ? <ErrorNotice error={phase.error} /> : null}
            {phase.end ? <Notice tone={phase.end.tone} title={phase.end.title}>{phase.end.text}</Notice> : null}
            {wasOpen || phase.error ? (
              <div className={css['again']}><Button onClick={open} disabled={obstacle !== null}>Open another one</Button>{obstacle ? <span className="quiet small">{obstacle}</span> : null}</div>
            ) : (
              <EmptyState title="A shell on this device" action={<Button onClick={open} disabled={obstacle !== null || signing.kind === 'pending'}>Open a terminal</Button>}>
                Your key in this browser asks for it, and what passes is sealed between here and the device: neither the relay nor this server can read it or type into it.
                {obstacle ? <div className={css['obstacle']} role="status">{obstacle}</div> : null}
              </EmptyState>
            )}
          </div>
        ) : null}
        {phase.kind === 'interrupted' ? <div className={css['bar']} role="status">The connection was lost. The shell goes on, and this page takes it up again as soon as it can.</div> : null}
        {phase.kind === 'opening' ? <div className={css['bar']} role="status">Waiting for {phase.what} …</div> : null}
        {phase.kind !== 'closed' && refused > 0 ? (
          <div className={css['bad']} role="alert">{refused} packets were refused: changed on the way, repeated, or not from the device. Nothing of them was shown.</div>
        ) : null}
        <div ref={hostRef} className={isShown ? css['screen'] : css['hidden']} data-terminal={phase.kind} />
        {phase.kind === 'open' ? <div className={css['hint']}><kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>X</kbd> leaves the terminal for the page · <kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>C</kbd> copies what is selected, <kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>V</kbd> pastes</div> : null}
      </Panel>
      <Recordings deviceId={device.id} mayDownload />
    </>
  );
}

const chips: Record<Phase['kind'], { tone: 'plain' | 'good' | 'warn' | 'accent'; label: string }> = {
  closed: { tone: 'plain', label: 'Closed' },
  opening: { tone: 'accent', label: 'Opening' },
  open: { tone: 'good', label: 'Connected' },
  interrupted: { tone: 'warn', label: 'Resuming' },
};

function Aside({ phase, onClose, closeRef }: { phase: Phase; onClose: () => void; closeRef: React.Ref<HTMLButtonElement> }) {
  const { tone, label } = chips[phase.kind];
  return (
    <div className={css['aside']}>
      <Chip tone={tone}>{label}</Chip>
      {phase.kind === 'closed' ? null : <Button ref={closeRef} size="compact-sm" variant="default" onClick={onClose}>Close</Button>}
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { commandsQuery } from '@/api/devices';
import { mayActAs, sessionQuery } from '@/api/session';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { useDevice } from '../deviceContext';
import { CommandActions } from './CommandActions';
import { CommandItem } from './CommandItem';
import css from './Commands.module.css';
import { SigningNote } from './SigningNote';

export function CommandsTab() {
  const device = useDevice();
  const { data: session } = useQuery(sessionQuery);
  const commands = useQuery(commandsQuery(device.id));
  const may = mayActAs(session?.user.role, 'operator');
  return (
    <div className={css['layout']}>
      <Panel title="Send a command" padded={false} aside={may && device.status === 'active' ? <SigningNote /> : null}>
        {may && device.status === 'active' ? <CommandActions device={device} /> : (
          <div style={{ padding: 16 }}>
            <Notice title={may ? 'This device takes no commands' : 'You may look, not command'}>
              {may ? 'Only an approved device does.' : 'Commands need the role operator or owner.'}
            </Notice>
          </div>
        )}
      </Panel>
      <Panel title="Commands of this device" padded={false}>
        {commands.isPending ? <div style={{ padding: 16 }}><SkeletonLines lines={4} height={44} label="Reading the commands" /></div> : null}
        {commands.isError ? <div style={{ padding: 16 }}><ErrorNotice error={commands.error} retry={() => void commands.refetch()} /></div> : null}
        {commands.data?.items.length === 0 ? (
          <EmptyState title="No command was sent yet">Try a ping: it shows whether the device listens, and how fast it answers.</EmptyState>
        ) : null}
        <div className={css['list']} role="list" aria-label="Commands">
          {commands.data?.items.map((command) => <CommandItem key={command.id} command={command} mayCancel={may} />)}
        </div>
      </Panel>
    </div>
  );
}

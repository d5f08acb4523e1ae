import { Button, Checkbox, FileButton, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type DragEvent, type SubmitEvent } from 'react';
import { mayActAs, sessionQuery } from '@/api/session';
import { obstacleTo, remedyFor, useSigning } from '@/features/device/commands/useSigning';
import { formatBytes } from '@/ui/format/unit';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { useDevice } from '../../deviceContext';
import { obstacleOf } from '../../session/openSession';
import css from './Transfer.module.css';
import { nameOf, pathProblem, readMode, targetPath } from './paths';
import { pullFile } from './pullFile';
import { pushFile } from './pushFile';
import { chooseSink } from './saveSink';
import { isOver, progressOf, progressText, type TransferState } from './transferState';
import { useTransfer } from './useTransfer';

type Way = 'push' | 'pull';

/** Files between this browser and the device, sealed to this browser's key. */
export function TransferPanel() {
  const device = useDevice();
  const { data: session } = useQuery(sessionQuery);
  const signing = useSigning();
  const transfer = useTransfer();
  const [way, setWay] = useState<Way>('push');
  if (!mayActAs(session?.user.role, 'operator')) return null;
  const unsigned = obstacleTo(signing, way);
  const obstacle = obstacleOf(device, way) ?? (unsigned === null ? null : `${unsigned} ${remedyFor(signing, [way]) ?? ''}`);
  const isIdle = !transfer.isRunning;
  return (
    <Panel title="Send or get a file">
      <div className={css['panel']}>
        <p className="quiet small">Sealed between here and the device: neither the relay nor this server can read or change it. It is there whole, or not at all.</p>
        <SegmentedControl
          value={way} onChange={(value) => setWay(value === 'pull' ? 'pull' : 'push')} disabled={!isIdle} aria-label="Which way"
          data={[{ value: 'push', label: 'Send to the device' }, { value: 'pull', label: 'Get from the device' }]}
        />
        {obstacle ? <div className={css['obstacle']} role="status">{obstacle}</div> : null}
        {way === 'push' ? (
          <PushForm isFree={isIdle && obstacle === null} onSend={(file, target) => transfer.start((queries, show, cancel) => pushFile(queries, device.id, file, target, show, cancel))} />
        ) : (
          <PullForm
            isFree={isIdle && obstacle === null}
            onGet={(path) => transfer.start(async (queries, show, cancel) => {
              const sink = await chooseSink(nameOf(path));
              if (sink === null) show({ kind: 'ended', isDone: false, title: 'It was cancelled', text: 'No place was chosen for it.' });
              else await pullFile(queries, device.id, path, sink, show, cancel);
            })}
          />
        )}
        {transfer.state ? <Standing state={transfer.state} onCancel={transfer.cancel} /> : null}
      </div>
    </Panel>
  );
}

function PushForm({ isFree, onSend }: { isFree: boolean; onSend: (file: File, target: { path: string; mode: number; replaces: boolean }) => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [path, setPath] = useState('');
  const [modeText, setModeText] = useState('644');
  const [replaces, setReplaces] = useState(false);
  const [isOverZone, setIsOverZone] = useState(false);
  const target = targetPath(path, file?.name ?? '');
  const mode = readMode(modeText);
  const problem = path === '' ? null : pathProblem(target);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOverZone(false);
    setFile(event.dataTransfer.files[0] ?? null);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (file !== null && mode !== null) onSend(file, { path: target, mode, replaces });
  };
  return (
    <form onSubmit={submit} className={css['form']}>
      <div
        className={`${css['zone'] ?? ''} ${isOverZone ? css['over'] ?? '' : ''}`}
        onDragOver={(event) => { event.preventDefault(); setIsOverZone(true); }} onDragLeave={() => setIsOverZone(false)} onDrop={drop}
      >
        <FileButton onChange={setFile} inputProps={{ 'aria-label': 'File to send' }}>
          {(props) => <Button {...props} variant="default">Choose a file</Button>}
        </FileButton>
        <span className="quiet small" aria-live="polite">{file ? `${file.name}, ${formatBytes(file.size)}` : 'or drop one here'}</span>
      </div>
      <TextInput
        label="Where on the device" placeholder="/srv/app/model.bin" description="The whole path, below a folder of Commands:WritePaths. With a / at the end it keeps its name."
        value={path} onChange={(event) => setPath(event.currentTarget.value)} error={problem} autoComplete="off" spellCheck={false}
      />
      <TextInput
        label="Permissions" description="Octal, as chmod takes them." value={modeText} onChange={(event) => setModeText(event.currentTarget.value)} error={mode === null ? 'Up to three digits from 0 to 7.' : null}
        className={css['mode'] ?? ''} autoComplete="off"
      />
      <Checkbox label="Replace a file that is there" checked={replaces} onChange={(event) => setReplaces(event.currentTarget.checked)} />
      <div><Button type="submit" disabled={!isFree || file === null || path === '' || problem !== null || mode === null}>Send it</Button></div>
    </form>
  );
}

function PullForm({ isFree, onGet }: { isFree: boolean; onGet: (path: string) => void }) {
  const [path, setPath] = useState('');
  const problem = path === '' ? null : pathProblem(path);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onGet(path);
  };
  return (
    <form onSubmit={submit} className={css['form']}>
      <TextInput
        label="Which file" placeholder="/var/log/app.log" description="The whole path, below a folder of Commands:ReadPaths."
        value={path} onChange={(event) => setPath(event.currentTarget.value)} error={problem} autoComplete="off" spellCheck={false}
      />
      <div><Button type="submit" disabled={!isFree || path === '' || problem !== null}>Get it</Button></div>
    </form>
  );
}

function Standing({ state, onCancel }: { state: TransferState; onCancel: () => void }) {
  if (state.kind === 'refused') return <ErrorNotice error={state.error} />;
  if (state.kind === 'ended') return <Notice tone={state.isDone ? 'good' : 'bad'} title={state.title}>{state.text}</Notice>;
  const progress = progressOf(state);
  return (
    <div className={css['standing']} data-transfer={state.kind}>
      <progress className={css['progress']} aria-label="How much of the file is there" {...(progress ? { value: progress.at, max: Math.max(progress.size, 1) } : {})} />
      <span className={css['text']} role="status">{progressText(state)}</span>
      {isOver(state) ? null : <Button size="compact-sm" variant="default" onClick={onCancel}>Cancel</Button>}
    </div>
  );
}

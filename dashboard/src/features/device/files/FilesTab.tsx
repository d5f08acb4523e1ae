import { Button, Group } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fileContentUrl, filesQuery } from '@/api/devices';
import { mayActAs, sessionQuery } from '@/api/session';
import type { DeviceFile } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { Copyable } from '@/ui/Copyable';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { formatBytes, formatPercent } from '@/ui/format/unit';
import { ErrorNotice } from '@/ui/Notice';
import { Panel } from '@/ui/Page';
import { SkeletonLines } from '@/ui/Skeleton';
import { Time } from '@/ui/Time';
import { useDevice } from '../deviceContext';
import { DeleteFileDialog } from './DeleteFileDialog';
import css from './Files.module.css';
import { receivedShare, sendCommand, stateText } from './fileText';
import { TransferPanel } from './transfer/TransferPanel';

export function FilesTab() {
  const device = useDevice();
  const { data: session } = useQuery(sessionQuery);
  return (
    <div className={css['panels']}>
      <TransferPanel key={device.id} />
      <Files deviceId={device.id} mayDelete={mayActAs(session?.user.role, 'operator')} />
    </div>
  );
}

export function Files({ deviceId, mayDelete }: { deviceId: string; mayDelete: boolean }) {
  const files = useInfiniteQuery(filesQuery(deviceId));
  const [deleting, setDeleting] = useState<DeviceFile | null>(null);
  const rows = files.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title="Files from its programs" padded={rows.length === 0}>
      {files.isPending ? <SkeletonLines lines={3} label="Reading the files" /> : null}
      {files.isError ? <ErrorNotice error={files.error} retry={() => void files.refetch()} /> : null}
      {files.isSuccess && rows.length === 0 ? <NoFiles /> : null}
      {rows.length > 0 ? (
        <DataTable
          label="Files" rows={rows}
          columns={[
            { label: 'File', heads: true, wraps: true, cell: (file) => <Name file={file} /> },
            { label: 'Size', cell: (file) => formatBytes(file.size) },
            { label: 'State', wraps: true, cell: (file) => <State file={file} /> },
            { label: 'When', cell: (file) => <Time value={file.time} dated /> },
            { label: '', cell: (file) => <Actions file={file} mayDelete={mayDelete} onDelete={() => setDeleting(file)} /> },
          ]}
        />
      ) : null}
      {files.hasNextPage ? (
        <div className={css['more']}>
          <Button variant="default" loading={files.isFetchingNextPage} onClick={() => void files.fetchNextPage()}>Show older ones</Button>
        </div>
      ) : null}
      {deleting ? <DeleteFileDialog file={deleting} onClose={() => setDeleting(null)} /> : null}
    </Panel>
  );
}

function NoFiles() {
  return (
    <EmptyState title="No files yet" action={<div className={css['command']}><Copyable text={sendCommand} label="How a program sends a file" /></div>}>
      A program of the device moves one into the folder <code>files</code> of <code>Local:Drop</code>, here <code>/srv/drop</code>. The agent sends it in the
      background, and deletes it when this server has stored it.
    </EmptyState>
  );
}

function Name({ file }: { file: DeviceFile }) {
  const attributes = Object.entries(file.attributes).map(([key, value]) => `${key}: ${value}`).join(' · ');
  return (
    <>
      <bdi><strong>{file.name}</strong></bdi>
      <div className="quiet small">{file.mediaType}{attributes ? ` · ${attributes}` : ''}</div>
    </>
  );
}

function State({ file }: { file: DeviceFile }) {
  const { tone, label, detail } = stateText(file);
  const share = receivedShare(file);
  return (
    <>
      <Chip tone={tone}>{file.state === 'receiving' ? `${label} ${formatPercent(Math.floor(share * 100) / 100)}` : label}</Chip>
      {file.state === 'receiving' ? <progress className={css['progress']} value={file.receivedBytes} max={file.size} aria-label={`${file.name}: received`} /> : null}
      {detail ? <div className="quiet small">{detail}</div> : null}
    </>
  );
}

function Actions({ file, mayDelete, onDelete }: { file: DeviceFile; mayDelete: boolean; onDelete: () => void }) {
  return (
    <Group gap={8} justify="flex-end" wrap="nowrap">
      {file.state === 'complete' ? (
        <Button component="a" size="compact-sm" variant="default" href={fileContentUrl(file)} download aria-label={`Download ${file.name}`}>Download</Button>
      ) : null}
      {mayDelete ? <Button size="compact-sm" variant="default" onClick={onDelete} aria-label={`Delete ${file.name}`}>Delete</Button> : null}
    </Group>
  );
}

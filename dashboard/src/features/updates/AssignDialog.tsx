import { Button, Checkbox, NumberInput, Select, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { readReleaseKey, releasesQuery } from '@/api/updates';
import type { Device, Release } from '@/api/types';
import { useSendToMany } from '@/features/commands/useSendToMany';
import { noteOn, obstacleTo, remedyFor, useSigning } from '@/features/device/commands/useSigning';
import { encodeArguments } from '@/trust/protocol/commandArguments';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { SkeletonLines } from '@/ui/Skeleton';
import { updateArguments } from './updateArguments';
import { bytesText } from './updateText';
import css from './Updates.module.css';

const within = [
  { value: '3600', label: 'within an hour' }, { value: '86400', label: 'within a day' }, { value: '604800', label: 'within a week' }, { value: '2592000', label: 'within 30 days' },
];

/** Assigns a release to devices: says what will be signed, and for how many. */
export function AssignDialog({ devices, target, onClose }: { devices: readonly Device[]; target?: string; onClose: () => void }) {
  const releases = useQuery(releasesQuery);
  return (
    <Dialog title="Assign an update" opened onClose={onClose}>
      {releases.isError ? <ErrorNotice error={releases.error} retry={() => void releases.refetch()} /> : null}
      {releases.isPending ? <SkeletonLines lines={4} height={36} label="Reading the releases" /> : null}
      {releases.data?.length === 0 ? (
        <EmptyState title="There is no release yet">Its owners add and sign releases: <code>fleetctl artifact add</code>, then <code>sign</code> and <code>publish</code>.</EmptyState>
      ) : null}
      {releases.data && releases.data.length > 0 ? <Form devices={devices} releases={releases.data} target={target} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Form({ devices, releases, target, onClose }: { devices: readonly Device[]; releases: readonly Release[]; target: string | undefined; onClose: () => void }) {
  const [chosen, setChosen] = useState(target ?? releases[0]?.target ?? '');
  const [seconds, setSeconds] = useState('604800');
  const [minutes, setMinutes] = useState(devices.length > 10 ? 60 : 0);
  const [mirrors, setMirrors] = useState('');
  const [dryRun, setDryRun] = useState(false);
  const navigate = useNavigate();
  const signing = useSigning();
  const send = useSendToMany();
  const release = releases.find((one) => one.target === chosen);
  const active = devices.filter((device) => device.status === 'active');
  const refusing = active.filter((device) => device.allowedCommands.length > 0 && !device.allowedCommands.includes('update')).length;
  const obstacle = obstacleTo(signing, 'update');
  const draft = (of: Release, key: string | null) => updateArguments({ release: of, key, within: Number(seconds), spread: minutes * 60, mirrors });
  const problem = release === undefined ? 'Choose a release.' : problemOf(draft(release, null));
  const assign = useMutation({
    mutationFn: async (of: Release) => {
      const key = of.encrypted ? await readReleaseKey(of.sha256) : null;
      return send.mutateAsync({ devices: active, command: { type: 'update', args: draft(of, key), ...(dryRun ? { dryRun } : {}) } });
    },
    onSuccess: async (sent) => {
      onClose();
      await (sent.kind === 'proposed' ? navigate({ to: '/commands' }) : dryRun ? navigate({ to: '/commands/$setId', params: { setId: sent.id } }) : navigate({ to: '/updates' }));
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (release !== undefined && problem === null) assign.mutate(release);
  };
  return (
    <form className={css['form']} onSubmit={submit}>
      <Select
        label="Release" searchable allowDeselect={false} value={chosen} onChange={(value) => setChosen(value ?? '')} data-autofocus
        data={releases.map((one) => ({ value: one.target, label: `${one.name} ${one.version}${one.hardware.length === 0 ? '' : ` (${one.hardware.join(', ')})`}` }))}
        description={release ? `${release.kind}, counter ${release.counter}, ${bytesText(release.size)}${release.encrypted ? ', encrypted' : ''}${release.deltas.length > 0 ? `, ${release.deltas.length} deltas` : ''}` : undefined}
      />
      <Select label="A device has for it" allowDeselect={false} data={within} value={seconds} onChange={(value) => setSeconds(value ?? '604800')} description="Once it has taken it. It is switched in a maintenance window, where the policy has some." />
      <NumberInput label="Spread the downloads over, minutes" min={0} max={10_080} allowDecimal={false} value={minutes} onChange={(value) => setMinutes(Number(value) || 0)} description="Each device begins at a random moment of this time; 0: at once." />
      <Textarea label="Mirrors that are tried first" placeholder="None: from this server" autosize minRows={1} spellCheck={false} value={mirrors} onChange={(event) => setMirrors(event.currentTarget.value)} description="Addresses of copies of the repository, one in each line. Devices trust none of them." />
      <Checkbox label="Dry run" description="Devices check everything, say what they would do, and do nothing." checked={dryRun} onChange={(event) => setDryRun(event.currentTarget.checked)} />
      <Notice tone="plain" title={`You are about to ${signing.kind === 'ready' && signing.signerOf('update').by === 'browser' ? 'sign' : 'have the server sign'}`}>
        <strong>{release ? `${release.name} ${release.version}` : 'a release'}</strong>{dryRun ? ', as a dry run,' : ''} for{' '}
        <strong>{active.length.toLocaleString('en-GB')} {active.length === 1 ? 'device' : 'devices'}</strong>, and for no others. {noteOn(signing, 'update')}
        {active.length < devices.length ? <> {devices.length - active.length} are not active and are left out.</> : null}
        {refusing > 0 ? <> {refusing} will refuse it by their own configuration.</> : null}
      </Notice>
      {problem === null ? null : <div role="alert">{problem}</div>}
      {obstacle ? <Notice tone="warn" title="Not from here">{obstacle} {remedyFor(signing, ['update'])}</Notice> : null}
      {assign.error ? <ErrorNotice error={assign.error} /> : null}
      <div className={css['buttons']}>
        <Button variant="default" onClick={onClose}>Close</Button>
        <Button type="submit" loading={assign.isPending} disabled={problem !== null || obstacle !== null || active.length === 0}>Sign and assign</Button>
      </div>
    </form>
  );
}

function problemOf(args: Record<string, unknown>): string | null {
  try {
    encodeArguments('update', args);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

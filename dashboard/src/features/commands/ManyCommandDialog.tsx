import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import type { Device, NewCommand } from '@/api/types';
import { commandTitle, splitArguments } from '@/features/device/commands/commandText';
import { noteOn, obstacleTo, useSigning } from '@/features/device/commands/useSigning';
import { isBound } from '@/trust/signedCommand';
import { Dialog } from '@/ui/Dialog';
import { ErrorNotice, Notice } from '@/ui/Notice';
import css from './Commands.module.css';
import { useSendToMany } from './useSendToMany';

const types = ['ping', 'collect', 'run-script', 'restart-unit', 'app', 'reboot', 'rotate-keys'];

/** One command for many devices: says what will be signed, and for how many. */
export function ManyCommandDialog({ devices, onClose }: { devices: readonly Device[]; onClose: () => void }) {
  const [type, setType] = useState('ping');
  const [name, setName] = useState('');
  const [line, setLine] = useState('');
  const [dryRun, setDryRun] = useState(false);
  const signing = useSigning();
  const send = useSendToMany();
  const navigate = useNavigate();
  const active = devices.filter((device) => device.status === 'active');
  const reachable = isBound(type) ? active.filter((device) => device.boot) : active;
  const refusing = reachable.filter((device) => device.allowedCommands.length > 0 && !device.allowedCommands.includes(type)).length;
  const command = toCommand(type, name.trim(), line, dryRun);
  const obstacle = obstacleTo(signing, type);
  const note = noteOn(signing, type);
  const signer = signing.kind === 'ready' ? signing.signerOf(type) : null;
  const known = names(reachable, type);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (command === null) return;
    send.mutate({ devices: reachable, command }, {
      onSuccess: (sent) => void (sent.kind === 'sent' ? navigate({ to: '/commands/$setId', params: { setId: sent.id } }) : navigate({ to: '/commands' })),
    });
  };
  return (
    <Dialog title={`Command ${devices.length.toLocaleString('en-GB')} ${devices.length === 1 ? 'device' : 'devices'}`} opened onClose={onClose}>
      <form className={css['form']} onSubmit={submit}>
        <Select
          label="What to do" data={types.map((value) => ({ value, label: commandTitle(value) }))} value={type} allowDeselect={false}
          onChange={(value) => { setType(value ?? 'ping'); setName(''); }}
        />
        {nameLabels[type] ? (
          <TextInput
            label={nameLabels[type]} value={name} required onChange={(event) => setName(event.currentTarget.value)} list="known-names"
            description={known.length > 0 ? `Among these devices: ${known.slice(0, 6).join(', ')}${known.length > 6 ? '…' : ''}` : 'None of these devices has told of one.'}
          />
        ) : null}
        {type === 'run-script' || type === 'app' ? (
          <TextInput label="Arguments" placeholder="None" description="Quote what contains spaces." value={line} onChange={(event) => setLine(event.currentTarget.value)} />
        ) : null}
        <Checkbox
          label="Dry run" description="Devices check everything, say what they would do, and do nothing." checked={dryRun}
          onChange={(event) => setDryRun(event.currentTarget.checked)}
        />
        <Notice tone={type === 'reboot' && !dryRun ? 'warn' : 'plain'} title={`You are about to ${signer?.by === 'server' ? 'have the server sign' : 'sign'}`}>
          <strong>{commandTitle(type)}{name.trim() === '' ? '' : ` ${name.trim()}`}{line === '' ? '' : ` ${line}`}</strong>
          {dryRun ? ', as a dry run,' : ''} for <strong>{reachable.length.toLocaleString('en-GB')} {reachable.length === 1 ? 'device' : 'devices'}</strong>,
          and for no others. {note}
          {active.length < devices.length ? <> {devices.length - active.length} are not active and are left out.</> : null}
          {reachable.length < active.length ? <> {active.length - reachable.length} are left out: it is bound to a device’s boot, and theirs is not known yet.</> : null}
          {refusing > 0 ? <> {refusing} will refuse it by their own configuration.</> : null}
        </Notice>
        {obstacle ? <Notice tone="warn" title="Not from here">{obstacle}</Notice> : null}
        {send.error ? <ErrorNotice error={send.error} /> : null}
        <div className={css['buttons']}>
          <Button variant="default" onClick={onClose}>Close</Button>
          <Button type="submit" loading={send.isPending} disabled={command === null || obstacle !== null || reachable.length === 0}>
            {signer?.by === 'browser' && signer.needed > 1 ? 'Sign and propose' : signer?.by === 'browser' ? 'Sign and send' : 'Send'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const nameLabels: Record<string, string> = { 'run-script': 'Script', 'restart-unit': 'Unit', app: 'Program' };

function names(devices: readonly Device[], type: string): string[] {
  const all = devices.flatMap((device) => (type === 'run-script' ? device.scripts : type === 'restart-unit' ? device.units
    : type === 'app' ? (device.facts['app.names'] ?? '').split(',').filter((name) => name !== '') : []));
  return [...new Set(all)].sort();
}

/** null: not complete yet. */
function toCommand(type: string, name: string, line: string, dryRun: boolean): NewCommand | null {
  const flags = dryRun ? { dryRun } : {};
  if (!nameLabels[type]) return { type, ...flags };
  if (name === '') return null;
  return { type, ...flags, args: type === 'restart-unit' ? { unit: name } : { name, arguments: splitArguments(line) } };
}

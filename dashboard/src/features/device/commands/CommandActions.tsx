import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { Device } from '@/api/types';
import { LinkButton } from '@/ui/LinkButton';
import { ErrorNotice, Notice } from '@/ui/Notice';
import { AppForm } from './AppForm';
import { CollectForm } from './CollectForm';
import css from './Commands.module.css';
import { declaredNames } from './commandText';
import { GpioSetForm } from './GpioSetForm';
import { IntervalsForm } from './IntervalsForm';
import { PwmSetForm } from './PwmSetForm';
import { RebootDialog } from './RebootDialog';
import { RestartUnitForm } from './RestartUnitForm';
import { RunScriptForm } from './RunScriptForm';
import { SchemaForm } from './SchemaForm';
import { useSendCommand } from './useSendCommand';
import { noteOn, obstacleTo, remedyFor, useSigning } from './useSigning';

/** Those that every device may know; the others come with what it declares. */
const types = ['ping', 'collect', 'set-intervals', 'run-script', 'restart-unit', 'reboot', 'rotate-keys'];

type Open = 'collect' | 'set-intervals' | 'restart-unit' | 'run-script' | 'run-inline' | 'file-read' | 'file-write' | 'packages' | 'gpio-set' | 'pwm-set' | 'app' | 'reboot' | null;

/** Which commands a device takes is decided by its owner, on the device, and by the fleet's policy; the others are shown as such. */
export function CommandActions({ device }: { device: Device }) {
  const [open, setOpen] = useState<Open>(null);
  const ping = useSendCommand(device.id);
  const rotate = useSendCommand(device.id);
  const close = () => setOpen(null);
  const toggle = (which: Open) => () => setOpen(open === which ? null : which);
  const signing = useSigning();
  const allowed = (type: string) => device.allowedCommands.length === 0 || device.allowedCommands.includes(type);
  const blocked = (type: string) => (allowed(type) ? obstacleTo(signing, type) : 'Not allowed by this device’s configuration.');
  const opener = (which: NonNullable<Open>, label: string) => (
    <Button
      size="xs" variant="default" disabled={blocked(which) !== null} onClick={toggle(which)}
      {...(which === 'reboot' ? {} : { 'aria-expanded': open === which })}
    >
      {label}
    </Button>
  );
  const about = (type: string) => ({ blocked: blocked(type), note: noteOn(signing, type) });
  const remedy = remedyFor(signing, types.filter(allowed));
  return (
    <div className={css['actions']}>
      {remedy ? (
        <div className={css['action']}>
          <Notice tone="warn" title={signing.kind === 'alarm' ? 'Another fleet is shown' : 'Some commands need a key'} action={<LinkButton to="/trust" size="xs" variant="default">Trust</LinkButton>}>{remedy}</Notice>
        </div>
      ) : null}
      <Action title="Ping" hint="Does it listen, and how fast does it answer?" {...about('ping')}
        button={<Button size="xs" loading={ping.isPending} disabled={blocked('ping') !== null} onClick={() => ping.mutate({ type: 'ping' })}>Ping</Button>}
      >
        {ping.error ? <ErrorNotice error={ping.error} /> : null}
      </Action>
      <Action title="Collect now" hint="Measure at once, without waiting for the next interval." {...about('collect')} button={opener('collect', 'Choose')}>
        {open === 'collect' ? <CollectForm device={device} onSent={close} /> : null}
      </Action>
      <Action title="Set intervals" hint="How often each collector measures." {...about('set-intervals')} button={opener('set-intervals', 'Change')}>
        {open === 'set-intervals' ? <IntervalsForm device={device} onSent={close} /> : null}
      </Action>
      <Action title="Run a script" hint="One of those that the device’s owner put there." {...about('run-script')} button={opener('run-script', 'Choose')}>
        {open === 'run-script' ? <RunScriptForm device={device} onSent={close} /> : null}
      </Action>
      {device.facts['run.interpreters'] ? (
        <Action title="Run your own script" hint="A script that you write here. It is stored in no folder of the device." {...about('run-inline')} button={opener('run-inline', 'Write')}>
          {open === 'run-inline' ? <SchemaForm device={device} type="run-inline" label="Run it" choices={{ interpreter: declaredNames(device.facts['run.interpreters']) }} onSent={close} /> : null}
        </Action>
      ) : null}
      {device.facts['files.read'] ? (
        <Action title="Read a file" hint={`Below ${declaredNames(device.facts['files.read']).join(', ')}.`} {...about('file-read')} button={opener('file-read', 'Choose')}>
          {open === 'file-read' ? <SchemaForm device={device} type="file-read" label="Read it" onSent={close} /> : null}
        </Action>
      ) : null}
      {device.facts['files.write'] ? (
        <Action title="Write a file" hint={`Below ${declaredNames(device.facts['files.write']).join(', ')}; whole, or not at all.`} {...about('file-write')} button={opener('file-write', 'Choose')}>
          {open === 'file-write' ? <SchemaForm device={device} type="file-write" label="Write it" onSent={close} /> : null}
        </Action>
      ) : null}
      {device.facts['packages.names'] ? (
        <Action title="Packages" hint={`Install, upgrade or remove ${declaredNames(device.facts['packages.names']).join(', ')}. A dry run shows what would change.`} {...about('packages')} button={opener('packages', 'Choose')}>
          {open === 'packages' ? <SchemaForm device={device} type="packages" label="Do it" onSent={close} /> : null}
        </Action>
      ) : null}
      {device.facts['gpio.outputs'] ? (
        <Action title="Set an output" hint="Switch one of the lines that the device’s owner declared." {...about('gpio-set')} button={opener('gpio-set', 'Choose')}>
          {open === 'gpio-set' ? <GpioSetForm device={device} onSent={close} /> : null}
        </Action>
      ) : null}
      {device.facts['pwm.outputs'] ? (
        <Action title="Set a PWM output" hint="How much of the time it is on." {...about('pwm-set')} button={opener('pwm-set', 'Choose')}>
          {open === 'pwm-set' ? <PwmSetForm device={device} onSent={close} /> : null}
        </Action>
      ) : null}
      {device.facts['app.names'] ? (
        <Action title="Tell a program" hint="Hand a command to one of the device’s own programs." {...about('app')} button={opener('app', 'Choose')}>
          {open === 'app' ? <AppForm device={device} onSent={close} /> : null}
        </Action>
      ) : null}
      <Action title="Rotate keys" hint="It makes new keys now, instead of when they are due." {...about('rotate-keys')}
        button={<Button size="xs" variant="default" loading={rotate.isPending} disabled={blocked('rotate-keys') !== null} onClick={() => rotate.mutate({ type: 'rotate-keys' })}>Rotate</Button>}
      >
        {rotate.error ? <ErrorNotice error={rotate.error} /> : null}
      </Action>
      <Action title="Restart a unit" hint="Restart a systemd unit." {...about('restart-unit')} button={opener('restart-unit', 'Choose')}>
        {open === 'restart-unit' ? <RestartUnitForm device={device} onSent={close} /> : null}
      </Action>
      <Action title="Reboot" hint="Restart the whole device." {...about('reboot')} button={opener('reboot', 'Reboot…')}>
        {open === 'reboot' ? <RebootDialog device={device} onClose={close} /> : null}
      </Action>
    </div>
  );
}

interface ActionProps {
  title: string;
  hint: string;
  blocked: string | null;
  note: string | null;
  button: ReactNode;
  children: ReactNode;
}

function Action({ title, hint, blocked, note, button, children }: ActionProps) {
  return (
    <div className={css['action']} role="group" aria-label={title}>
      <div className={css['actionHead']}>
        <div>
          <div className={css['actionTitle']}>{title}</div>
          <div className={css['hint']}>{blocked ?? hint}{blocked === null && note ? <> <strong>{note}</strong></> : null}</div>
        </div>
        {button}
      </div>
      {children}
    </div>
  );
}

import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { Device } from '@/api/types';
import { ErrorNotice } from '@/ui/Notice';
import { AppForm } from './AppForm';
import { CollectForm } from './CollectForm';
import css from './Commands.module.css';
import { GpioSetForm } from './GpioSetForm';
import { IntervalsForm } from './IntervalsForm';
import { PwmSetForm } from './PwmSetForm';
import { RebootDialog } from './RebootDialog';
import { RestartUnitForm } from './RestartUnitForm';
import { RunScriptForm } from './RunScriptForm';
import { useSendCommand } from './useSendCommand';

type Open = 'collect' | 'set-intervals' | 'restart-unit' | 'run-script' | 'gpio-set' | 'pwm-set' | 'app' | 'reboot' | null;

/** Which commands a device takes is decided by its owner, on the device; the others are shown as such. */
export function CommandActions({ device }: { device: Device }) {
  const [open, setOpen] = useState<Open>(null);
  const ping = useSendCommand(device.id);
  const rotate = useSendCommand(device.id);
  const close = () => setOpen(null);
  const toggle = (which: Open) => () => setOpen(open === which ? null : which);
  const allowed = (type: string) => device.allowedCommands.length === 0 || device.allowedCommands.includes(type);
  const opener = (which: NonNullable<Open>, label: string) => (
    <Button
      size="xs" variant="default" disabled={!allowed(which)} onClick={toggle(which)}
      {...(which === 'reboot' ? {} : { 'aria-expanded': open === which })}
    >
      {label}
    </Button>
  );
  const blocked = (type: string) => (allowed(type) ? null : 'Not allowed by this device’s configuration.');
  return (
    <div className={css['actions']}>
      <Action title="Ping" hint="Does it listen, and how fast does it answer?" blocked={blocked('ping')}
        button={<Button size="xs" loading={ping.isPending} disabled={!allowed('ping')} onClick={() => ping.mutate({ type: 'ping' })}>Ping</Button>}
      >
        {ping.error ? <ErrorNotice error={ping.error} /> : null}
      </Action>
      <Action title="Collect now" hint="Measure at once, without waiting for the next interval." blocked={blocked('collect')} button={opener('collect', 'Choose')}>
        {open === 'collect' ? <CollectForm device={device} onSent={close} /> : null}
      </Action>
      <Action title="Set intervals" hint="How often each collector measures." blocked={blocked('set-intervals')} button={opener('set-intervals', 'Change')}>
        {open === 'set-intervals' ? <IntervalsForm device={device} onSent={close} /> : null}
      </Action>
      <Action title="Run a script" hint="One of those that the device’s owner put there." blocked={blocked('run-script')} button={opener('run-script', 'Choose')}>
        {open === 'run-script' ? <RunScriptForm device={device} onSent={close} /> : null}
      </Action>
      {device.facts['gpio.outputs'] ? (
        <Action title="Set an output" hint="Switch one of the lines that the device’s owner declared." blocked={blocked('gpio-set')} button={opener('gpio-set', 'Choose')}>
          {open === 'gpio-set' ? <GpioSetForm device={device} onSent={close} /> : null}
        </Action>
      ) : null}
      {device.facts['pwm.outputs'] ? (
        <Action title="Set a PWM output" hint="How much of the time it is on." blocked={blocked('pwm-set')} button={opener('pwm-set', 'Choose')}>
          {open === 'pwm-set' ? <PwmSetForm device={device} onSent={close} /> : null}
        </Action>
      ) : null}
      {device.facts['app.names'] ? (
        <Action title="Tell a program" hint="Hand a command to one of the device’s own programs." blocked={blocked('app')} button={opener('app', 'Choose')}>
          {open === 'app' ? <AppForm device={device} onSent={close} /> : null}
        </Action>
      ) : null}
      <Action title="Rotate keys" hint="It makes new keys now, instead of when they are due." blocked={blocked('rotate-keys')}
        button={<Button size="xs" variant="default" loading={rotate.isPending} disabled={!allowed('rotate-keys')} onClick={() => rotate.mutate({ type: 'rotate-keys' })}>Rotate</Button>}
      >
        {rotate.error ? <ErrorNotice error={rotate.error} /> : null}
      </Action>
      <Action title="Restart a unit" hint="Restart a systemd unit." blocked={blocked('restart-unit')} button={opener('restart-unit', 'Choose')}>
        {open === 'restart-unit' ? <RestartUnitForm device={device} onSent={close} /> : null}
      </Action>
      <Action title="Reboot" hint="Restart the whole device." blocked={blocked('reboot')} button={opener('reboot', 'Reboot…')}>
        {open === 'reboot' ? <RebootDialog device={device} onClose={close} /> : null}
      </Action>
    </div>
  );
}

interface ActionProps {
  title: string;
  hint: string;
  blocked: string | null;
  button: ReactNode;
  children: ReactNode;
}

function Action({ title, hint, blocked, button, children }: ActionProps) {
  return (
    <div className={css['action']} role="group" aria-label={title}>
      <div className={css['actionHead']}>
        <div>
          <div className={css['actionTitle']}>{title}</div>
          <div className={css['hint']}>{blocked ?? hint}</div>
        </div>
        {button}
      </div>
      {children}
    </div>
  );
}

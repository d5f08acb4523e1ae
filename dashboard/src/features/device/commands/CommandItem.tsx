import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelCommand } from '@/api/devices';
import { keys } from '@/api/keys';
import type { Command } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { formatLatency } from '@/ui/format/unit';
import { ErrorNotice } from '@/ui/Notice';
import { Time } from '@/ui/Time';
import { commandArguments, commandTitle, finalStates, stateTexts } from './commandText';
import css from './Commands.module.css';

export function CommandItem({ command, mayCancel }: { command: Command; mayCancel: boolean }) {
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelCommand(command.deviceId, command.id),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.commands(command.deviceId) }),
  });
  const state = stateTexts[command.state];
  const args = commandArguments(command);
  const open = !finalStates.has(command.state);
  const waits = open && command.waitingFor ? command.waitingFor : null;
  return (
    <div className={css['command']} role="listitem" data-command={command.type} data-state={command.state}>
      <div className={css['commandHead']}>
        <strong>{commandTitle(command.type)}</strong>
        {args === '' ? null : <span className={css['arguments']}>{args}</span>}
        {command.dryRun ? <Chip tone="accent" title="The device only says whether it would run it">Dry run</Chip> : null}
        <Chip tone={state.tone} title={state.meaning}>{state.label}</Chip>
        <span className={css['aside']}>
          {command.latencyMs !== null ? <span title="From sending to the final answer">{formatLatency(command.latencyMs)}</span> : null}
          {command.state === 'waiting' && mayCancel
            ? <Button size="compact-xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>Cancel</Button>
            : null}
          <Time value={command.createdAt} />
        </span>
      </div>
      {command.state === 'running' ? <Progress value={command.progress} /> : null}
      <Details command={command} waits={waits} />
      {command.output ? (
        <>
          <pre className={css['output']} aria-label="Output" tabIndex={0}>{command.output}</pre>
          {command.outputTruncated ? <div className={css['sub']}>The output was longer; this is as much as the device sends.</div> : null}
        </>
      ) : null}
      {cancel.error ? <ErrorNotice error={cancel.error} /> : null}
    </div>
  );
}

function Progress({ value }: { value: number | null }) {
  return (
    <div
      className={`${css['progress'] ?? ''} ${value === null ? (css['unknown'] ?? '') : ''}`} role="progressbar" aria-label="Progress"
      aria-valuemin={0} aria-valuemax={100} {...(value === null ? {} : { 'aria-valuenow': Math.round(value * 100) })}
    >
      <div className={css['bar']} style={value === null ? {} : { transform: `scaleX(${value})` }} />
    </div>
  );
}

function Details({ command, waits }: { command: Command; waits: string | null }) {
  const parts = [
    waits ? `Waits for: ${waits}` : null,
    command.message === '' ? null : command.message,
    command.exitCode !== null && !command.message?.includes(`xit code ${command.exitCode}`) ? `Exit code ${command.exitCode}` : null,
    command.state === 'unknown' || command.state === 'expired' ? stateTexts[command.state].meaning : null,
  ].filter((part) => part !== null);
  return (
    <div className={css['sub']}>
      {parts.length > 0 ? <>{parts.join(' · ')} · </> : null}
      {command.createdBy ? <>by {command.createdBy}, </> : null}
      {command.signedBy === null ? 'signed by the server' : <>signed with the key <code title={command.signedBy}>{command.signedBy.slice(0, 8)}</code></>}
      {!finalStates.has(command.state) && command.expiresAt ? <> · expires <Time value={command.expiresAt} /></> : null}
    </div>
  );
}

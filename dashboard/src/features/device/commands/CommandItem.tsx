import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { cancelCommand, commandTypesQuery } from '@/api/devices';
import { keys } from '@/api/keys';
import type { Command } from '@/api/types';
import { Chip } from '@/ui/Chip';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { formatLatency } from '@/ui/format/unit';
import { ErrorNotice } from '@/ui/Notice';
import { Time } from '@/ui/Time';
import { commandArguments, commandTitle, finalStates, stateTexts } from './commandText';
import css from './Commands.module.css';
import { plain } from './output';
import { OutputView } from './OutputView';
import { useSendCommand } from './useSendCommand';

export function CommandItem({ command, mayCancel }: { command: Command; mayCancel: boolean }) {
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
          <Time value={command.createdAt} />
        </span>
      </div>
      {command.state === 'running' ? <Progress value={command.progress} /> : null}
      <Details command={command} waits={waits} />
      <WrittenOutput command={command} />
      {open && mayCancel ? <Cancel command={command} /> : null}
    </div>
  );
}

/** What a running command writes comes as it is written; of others, the end stands in the report, and all of it can be asked for. */
function WrittenOutput({ command }: { command: Command }) {
  const types = useQuery(commandTypesQuery);
  const [whole, setWhole] = useState(false);
  const streams = types.data?.find(({ type }) => type === command.type)?.streams === true;
  if (streams && command.state === 'running' && !whole) setWhole(true);
  if (whole) return <OutputView command={command} />;
  return command.output ? (
    <>
      <pre className={css['output']} aria-label="Output" tabIndex={0}>{plain(command.output)}</pre>
      {command.outputTruncated ? (
        <div className={css['outputFoot']}>
          <span>This is the end of it.</span>
          <Button size="compact-xs" variant="default" onClick={() => setWhole(true)}>Show it from the beginning</Button>
        </div>
      ) : null}
    </>
  ) : null;
}

/** What still waits here is taken back; for what the device has, it is told. */
function Cancel({ command }: { command: Command }) {
  const queries = useQueryClient();
  const takeBack = useMutation({
    mutationFn: () => cancelCommand(command.deviceId, command.id),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.commands(command.deviceId) }),
  });
  const stop = useSendCommand(command.deviceId);
  if (command.type === 'cancel' && command.state !== 'waiting') return null;
  const error = takeBack.error ?? stop.error;
  return (
    <div className={css['outputFoot']}>
      {command.state === 'waiting'
        ? <Button size="compact-xs" variant="default" loading={takeBack.isPending} onClick={() => takeBack.mutate()}>Cancel</Button>
        : (
          <ConfirmButton
            label="Cancel…" confirm="Really cancel it" pending={stop.isPending}
            onConfirm={() => stop.mutate({ type: 'cancel', args: { command: command.id }, cancels: command.type })}
          />
        )}
      {error ? <ErrorNotice error={error} /> : null}
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

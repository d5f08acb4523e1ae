import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Twin } from '@/api/types';
import { encodeArguments } from '@/trust/protocol/commandArguments';
import { CommandForm } from '../commands/CommandForm';
import { noteOn, obstacleTo, remedyFor, useSigning } from '../commands/useSigning';
import { draftOf, readDraft } from './twinRows';

/** The document as JSON. What is wrong with it is said while it is written; the same is checked by the server and by the device. */
export function TwinEditor({ deviceId, twin, onClose }: { deviceId: string; twin: Twin; onClose: () => void }) {
  const [text, setText] = useState(() => draftOf(twin));
  const signing = useSigning();
  const { args, problem } = judge(text);
  const obstacle = obstacleTo(signing, 'desired-set');
  const note = noteOn(signing, 'desired-set');
  return (
    <CommandForm deviceId={deviceId} label="Sign and send" onSent={onClose} command={args === null || obstacle !== null ? null : { type: 'desired-set', args }}>
      <Textarea
        label="Desired state, as JSON" data-autofocus autosize minRows={8} maxRows={28} spellCheck={false} error={problem}
        description="settings: Section:Key with texts. files: absolute paths with content (base64) and mode. units: names. app: values for the device’s own programs."
        styles={{ input: { fontFamily: 'var(--font-mono)' } }} value={text} onChange={(event) => setText(event.currentTarget.value)}
      />
      {obstacle ? <div role="alert">{obstacle} {remedyFor(signing, ['desired-set'])}</div> : null}
      {note ? <div className="quiet small">{note}</div> : null}
      <Group><Button size="xs" variant="default" onClick={onClose}>Close without sending</Button></Group>
    </CommandForm>
  );
}

function judge(text: string): { args: Record<string, unknown> | null; problem: string | null } {
  try {
    const args = readDraft(text);
    encodeArguments('desired-set', args);
    return { args, problem: null };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return { args: null, problem: error.message };
    throw error;
  }
}

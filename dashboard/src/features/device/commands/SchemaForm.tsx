import { Checkbox, FileInput, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { commandTypesQuery } from '@/api/devices';
import type { ArgumentSchema, CommandType, Device } from '@/api/types';
import { ErrorNotice } from '@/ui/Notice';
import { SkeletonLines } from '@/ui/Skeleton';
import { CommandForm } from './CommandForm';
import { type Fields, toArguments } from './schemaArguments';

interface Props {
  device: Device;
  type: string;
  label: string;
  /** What an argument can be on this device. */
  choices?: Record<string, string[]>;
  onSent: () => void;
}

/** A form for any type of command, from the schema of its arguments. */
export function SchemaForm({ device, type, label, choices = {}, onSent }: Props) {
  const types = useQuery(commandTypesQuery);
  if (types.isError) return <ErrorNotice error={types.error} retry={() => void types.refetch()} />;
  const found = types.data?.find((one) => one.type === type);
  if (!found) return <SkeletonLines lines={3} height={30} label="Reading what the command takes" />;
  return <KnownForm device={device} type={found} label={label} choices={choices} onSent={onSent} />;
}

function KnownForm({ device, type, label, choices, onSent }: { device: Device; type: CommandType; label: string; choices: Record<string, string[]>; onSent: () => void }) {
  const { properties, required } = type.arguments;
  const [fields, setFields] = useState<Fields>(() => Object.fromEntries(Object.entries(choices).map(([name, [first]]) => [name, first ?? ''])));
  const set = (name: string) => (value: Fields[string]) => setFields((old) => ({ ...old, [name]: value }));
  const { args, missing, problem } = toArguments(type, fields);
  return (
    <CommandForm deviceId={device.id} label={label} onSent={onSent} command={missing || problem !== null ? null : { type: type.type, args }}>
      {Object.entries(properties).map(([name, schema]) => (
        <Field key={name} name={name} schema={schema} required={required.includes(name)} value={fields[name]} choices={choices[name]} onChange={set(name)} />
      ))}
      {problem === null ? null : <div role="alert">{problem}</div>}
    </CommandForm>
  );
}

interface FieldProps {
  name: string;
  schema: ArgumentSchema;
  required: boolean;
  value: Fields[string] | undefined;
  choices: string[] | undefined;
  onChange: (value: Fields[string]) => void;
}

function Field({ name, schema, required, value, choices, onChange }: FieldProps) {
  const common = { size: 'xs' as const, label: title(name), description: schema.description, withAsterisk: required };
  const text = typeof value === 'string' ? value : '';
  const options = choices ?? schema.enum;
  if (options) return <Select {...common} allowDeselect={false} data={options} value={text === '' ? null : text} onChange={(next) => onChange(next ?? '')} />;
  if (schema.contentEncoding === 'base64') return <Content {...common} onChange={onChange} />;
  switch (schema.type) {
    case 'boolean': return <Checkbox size="xs" label={title(name)} description={schema.description} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'integer':
    case 'number':
      return (
        <NumberInput
          {...common} {...(schema.minimum === undefined ? {} : { min: schema.minimum })} {...(schema.maximum === undefined ? {} : { max: schema.maximum })}
          allowDecimal={schema.type === 'number'} value={typeof value === 'number' ? value : text} onChange={onChange}
        />
      );
    case 'array': return <TextInput {...common} placeholder="None; quote what contains spaces" value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
    default:
      return schema.format === 'long-text'
        ? <Textarea {...common} autosize minRows={4} maxRows={20} styles={{ input: { fontFamily: 'var(--font-mono)' } }} spellCheck={false} value={text} onChange={(event) => onChange(event.currentTarget.value)} />
        : <TextInput {...common} spellCheck={false} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
}

/** Bytes: of a file of this computer, or what is typed. */
function Content({ onChange, ...common }: { size: 'xs'; label: string; description: string; withAsterisk: boolean; onChange: (value: Fields[string]) => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [typed, setTyped] = useState('');
  const choose = async (chosen: File | null) => {
    setFile(chosen);
    onChange(chosen === null ? new TextEncoder().encode(typed) : new Uint8Array(await chosen.arrayBuffer()));
  };
  return (
    <>
      <FileInput {...common} clearable placeholder="A file of this computer, or type below" value={file} onChange={(chosen) => void choose(chosen)} />
      {file === null ? (
        <Textarea
          size="xs" aria-label={`${common.label}, typed`} autosize minRows={4} maxRows={20} styles={{ input: { fontFamily: 'var(--font-mono)' } }} spellCheck={false} value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            onChange(new TextEncoder().encode(event.currentTarget.value));
          }}
        />
      ) : null}
    </>
  );
}

const titles: Record<string, string> = { outputBytes: 'Output, bytes', timeout: 'Time, seconds', memory: 'Memory, bytes', allowDowngrade: 'Allow a lower version', recommends: 'With recommended packages', cpu: 'Processors', mode: 'Mode, as a number' };

const title = (name: string) => titles[name] ?? name.charAt(0).toUpperCase() + name.slice(1);

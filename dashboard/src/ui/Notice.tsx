import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { adviceFor, ProblemError } from '@/api/problem';
import { Refused } from '@/trust/refused';
import { CheckIcon, HelpIcon, WarnIcon } from './icons';
import css from './Notice.module.css';

type Tone = 'plain' | 'good' | 'warn' | 'bad';

interface Props {
  tone?: Tone;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Notice({ tone = 'plain', title, children, action }: Props) {
  const Icon = tone === 'good' ? CheckIcon : tone === 'plain' ? HelpIcon : WarnIcon;
  return (
    <div className={`${css['notice'] ?? ''} ${css[tone] ?? ''}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon />
      <div className={css['body']}>
        <div className={css['title']}>{title}</div>
        {children}
      </div>
      {action}
    </div>
  );
}

/** What went wrong, in the server's words, and what to do about it; `advice` where the page knows better than the status. */
export function ErrorNotice({ error, retry, advice }: { error: unknown; retry?: () => void; advice?: string }) {
  const problem = error instanceof ProblemError ? error : null;
  const title = problem?.title ?? 'Something went wrong here';
  const detail = problem ? problem.detail : error instanceof Error ? error.message : String(error);
  if (error instanceof Refused) return <Notice tone="bad" title="This was not done">{error.message}</Notice>;
  const fields = Object.entries(problem?.fields ?? {});
  return (
    <Notice
      tone="bad" title={title}
      action={retry ? <Button size="xs" variant="default" onClick={retry}>Try again</Button> : null}
    >
      {detail ? <div>{detail}</div> : null}
      {fields.length > 0 ? (
        <ul className={css['fields']}>{fields.map(([name, texts]) => <li key={name}>{name}: {texts.join(' ')}</li>)}</ul>
      ) : null}
      <div className="quiet small">{advice ?? adviceFor(error)}</div>
    </Notice>
  );
}

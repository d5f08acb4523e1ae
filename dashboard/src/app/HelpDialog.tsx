import { Fragment } from 'react';
import { Dialog } from '@/ui/Dialog';
import css from './HelpDialog.module.css';
import { shortcutHelp } from './shortcuts';

export function HelpDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog title="Keyboard" opened={opened} onClose={onClose}>
      <dl className={css['list']}>
        {shortcutHelp.map(([pressed, text]) => (
          <Fragment key={text}>
            <dt className={css['keys']}>{pressed.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}

import { Button } from '@mantine/core';
import { canSign } from '@/trust/support';
import { KeyIcon, ShieldIcon, TicketIcon } from '@/ui/icons';
import css from '../Trust.module.css';
import { NoSecureContext } from '../NoSecureContext';

export function TakeOverIntroduction({ onBegin, onLater }: { onBegin: () => void; onLater: () => void }) {
  return (
    <>
      <p>
        The server has made the fleet’s keys and holds them. <strong>Whoever steals it, or a backup of it, commands every device.</strong> Make
        the fleet yours, and that takes a key that the server never sees.
      </p>
      <ul className={css['points']}>
        <li><KeyIcon /><span><strong>Your key</strong> is made in this browser and cannot be copied out of it. It signs your commands, and says who else may send some.</span></li>
        <li><TicketIcon /><span><strong>A recovery key</strong> goes into a file that you keep away from here. It puts a new key in the place of yours when this browser is lost.</span></li>
        <li><ShieldIcon /><span><strong>The server</strong> can from then on ping devices, have them measure and set how often, and nothing else by itself.</span></li>
      </ul>
      {canSign() ? null : <NoSecureContext />}
      <div className={css['end']}>
        <Button variant="default" onClick={onLater}>Later</Button>
        <Button onClick={onBegin} disabled={!canSign()}>Make it mine</Button>
      </div>
      <p className="quiet small">
        Later: everything works meanwhile, and the page Trust offers this any time. Until then the server, and who steals it, can have devices do
        all that their own configuration allows.
      </p>
    </>
  );
}

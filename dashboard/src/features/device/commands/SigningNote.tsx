import { Link } from '@tanstack/react-router';
import { Chip } from '@/ui/Chip';
import { useSigning } from './useSigning';

/** Who signs what is sent from here, in a word; the page Trust says the rest. */
export function SigningNote() {
  const signing = useSigning();
  if (signing.kind === 'pending') return null;
  if (signing.kind === 'alarm') return <Link to="/trust"><Chip tone="bad">Another fleet is shown</Chip></Link>;
  const own = signing.kind === 'ready' && signing.signerOf('run-script').by === 'browser';
  if (own) return <Chip tone="good" title="Commands are signed in this browser, with your key">Your key signs</Chip>;
  return <Link to="/trust"><Chip tone={signing.owned ? 'warn' : 'plain'} title="The page Trust says who may command">The server signs</Chip></Link>;
}

import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';

interface Props {
  label: string;
  confirm: string;
  pending: boolean;
  onConfirm: () => void;
}

/** A second click within five seconds does it: for what is easily made again. */
export function ConfirmButton({ label, confirm, pending, onConfirm }: Props) {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    if (!armed) return;
    const timer = setTimeout(() => setArmed(false), 5000);
    return () => clearTimeout(timer);
  }, [armed]);
  const click = () => {
    setArmed(!armed);
    if (armed) onConfirm();
  };
  return (
    <Button size="compact-sm" variant={armed ? 'filled' : 'default'} {...(armed ? { color: 'red' } : {})} loading={pending} onClick={click}>
      {armed ? confirm : label}
    </Button>
  );
}

import { Link } from '@tanstack/react-router';
import { Gate } from '@/ui/Gate';

export function NotFound() {
  return (
    <Gate title="There is no such page">
      <p className="quiet">The address may be mistyped, or what it showed was removed.</p>
      <p><Link to="/devices">Go to the devices</Link></p>
    </Gate>
  );
}

import { ErrorNotice } from '@/ui/Notice';
import { Gate } from '@/ui/Gate';

export function LoadFailed({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Gate title="This page could not be shown">
      <ErrorNotice error={error} retry={() => { reset(); window.location.reload(); }} />
    </Gate>
  );
}

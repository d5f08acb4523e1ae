import { useQuery } from '@tanstack/react-query';
import { bootsQuery } from '@/api/devices';
import type { Device } from '@/api/types';
import { Notice } from '@/ui/Notice';
import { timeSummary } from './timeText';

export function TimeNotice({ device }: { device: Device }) {
  const boots = useQuery(bootsQuery(device.id));
  const summary = boots.data ? timeSummary(boots.data) : null;
  return summary ? <Notice tone={summary.tone} title={summary.title}>{summary.text}</Notice> : null;
}

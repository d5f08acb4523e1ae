import type { TimeQuality } from '@/api/types';
import { timeMark } from './timeText';

export function TimeMark({ quality }: { quality: TimeQuality }) {
  const mark = timeMark(quality);
  return mark ? <span title={mark.text} aria-label={mark.text}>{mark.sign}&nbsp;</span> : null;
}

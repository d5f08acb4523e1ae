import css from './Skeleton.module.css';

export function Skeleton({ height = 16, width = '100%' }: { height?: number; width?: number | string }) {
  return <span className={css['skeleton']} style={{ height, width }} aria-hidden="true" />;
}

export function SkeletonLines({ lines = 4, height = 40, label = 'Loading' }: { lines?: number; height?: number; label?: string }) {
  return (
    <div className={css['stack']} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, i) => <Skeleton key={i} height={height} />)}
    </div>
  );
}

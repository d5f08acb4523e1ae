import type { ReactNode } from 'react';
import css from './DataTable.module.css';

export interface Column<T> {
  /** Empty for a column of buttons. */
  label: string;
  cell: (row: T) => ReactNode;
  /** Long text that may break anywhere. */
  wraps?: boolean;
  /** What the row is about: it heads the card that the row becomes where there is no room. */
  heads?: boolean;
}

/** A plain table that turns into cards where there is no room. For short lists; long ones are virtualised. */
export function DataTable<T extends { id: string }>({ label, columns, rows }: { label: string; columns: Column<T>[]; rows: readonly T[] }) {
  return (
    <div className={css['wrap']}>
      <table className={css['table']} aria-label={label}>
        <thead>
          <tr>{columns.map((column) => <th key={column.label} scope="col">{column.label || <span className="visually-hidden">Actions</span>}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {columns.map((column) => (
                <td key={column.label} data-label={column.label} className={column.heads ? css['heads'] : undefined}>
                  <div className={`${css['cell'] ?? ''} ${column.wraps ? (css['wraps'] ?? '') : ''}`}>{column.cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

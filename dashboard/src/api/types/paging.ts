export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface CountedPage<T> extends Page<T> {
  total: number;
}

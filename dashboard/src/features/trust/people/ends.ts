const day = 86_400_000;

/** Days; none: no end. */
export const endChoices = [
  { value: '', label: 'No end' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
];

/** Unix milliseconds; null: no end. */
export const endOf = (choice: string, now: number) => (choice === '' ? null : now + Number(choice) * day);

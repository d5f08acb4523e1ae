export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#0c5f57" />
      <path
        d="M8 21V12.200c0-.9 1.1-1.4 1.7-.7L16 18l6.3-6.500c.6-.7 1.7-.2 1.7.7V21"
        fill="none" stroke="#d8f3ec" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round"
      />
      <circle cx="16" cy="23.5" r="1.9" fill="#7fe0cd" />
    </svg>
  );
}

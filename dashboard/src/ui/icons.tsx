import type { ReactNode } from 'react';

function icon(drawing: ReactNode) {
  return function Icon({ size = 18 }: { size?: number }) {
    return (
      <svg
        width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6"
        strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"
      >
        {drawing}
      </svg>
    );
  };
}

export const DevicesIcon = icon(<><rect x="3" y="4" width="14" height="9" rx="2" /><path d="M7 16.500h6M6 8.500h2l1.5-2 2 4 1.2-2H14" /></>);
export const PlusIcon = icon(<path d="M10 4v12M4 10h12" />);
export const TicketIcon = icon(<><path d="M3 7.500V6a1.5 1.5 0 0 1 1.5-1.500h11A1.5 1.5 0 0 1 17 6v1.500a2.5 2.5 0 0 0 0 5V14a1.5 1.5 0 0 1-1.5 1.500h-11A1.5 1.5 0 0 1 3 14v-1.500a2.5 2.5 0 0 0 0-5Z" /><path d="M11.5 7.500v5" strokeDasharray="1.6 2" /></>);
export const PeopleIcon = icon(<><circle cx="8" cy="7" r="2.8" /><path d="M2.8 16c.5-2.9 2.5-4.3 5.2-4.300s4.7 1.4 5.2 4.300M13 4.500a2.8 2.8 0 0 1 0 5M15 12.300c1.3.7 2 1.9 2.2 3.7" /></>);
export const KeyIcon = icon(<><circle cx="6.8" cy="13.2" r="3.3" /><path d="m9.2 10.8 6.8-6.800M13 7l2.5 2.5" /></>);
export const BookIcon = icon(<><path d="M5 3.500h9.500V14H5.800A1.8 1.8 0 0 0 4 15.800V4.500a1 1 0 0 1 1-1Z" /><path d="M4 15.800a1.4 1.4 0 0 0 1.5 1.200h9M7.5 7h4M7.5 10h3" /></>);
export const PulseIcon = icon(<path d="M2.5 10.500h3.300l2-5.5 4 10 2.2-6 .9 1.500h2.6" />);
export const RelayIcon = icon(<><path d="M3 7h13M12.500 3.500 16 7l-3.500 3.500" /><path d="M17 13H4M7.500 9.500 4 13l3.500 3.500" /></>);
export const UpdateIcon = icon(<><path d="M16 6.500A7 7 0 1 0 17 10" /><path d="M16.500 3v3.700h-3.700M10 7v6M7.500 10.500 10 13l2.500-2.500" /></>);
export const SearchIcon = icon(<><circle cx="8.8" cy="8.8" r="5" /><path d="m12.8 12.8 4 4" /></>);
export const SunIcon = icon(<><circle cx="10" cy="10" r="3.2" /><path d="M10 2.500v1.500M10 16v1.500M2.5 10H4M16 10h1.500M4.7 4.700l1 1M14.3 14.300l1 1M4.7 15.300l1-1M14.3 5.700l1-1" /></>);
export const MoonIcon = icon(<path d="M16 12.200A6.7 6.7 0 0 1 7.8 4a6.5 6.5 0 1 0 8.2 8.200Z" />);
export const SystemIcon = icon(<><circle cx="10" cy="10" r="6.5" /><path d="M10 3.500v13a6.5 6.5 0 0 0 0-13Z" fill="currentColor" stroke="none" /></>);
export const MenuIcon = icon(<path d="M3.5 6h13M3.5 10h13M3.5 14h13" />);
export const CopyIcon = icon(<><rect x="7" y="7" width="9.5" height="9.5" rx="2" /><path d="M13 4.800A1.5 1.5 0 0 0 11.7 3.500H5A1.5 1.5 0 0 0 3.5 5v6.700A1.5 1.5 0 0 0 4.8 13" /></>);
export const CheckIcon = icon(<path d="m4.5 10.5 3.7 3.7 7.3-8" />);
export const WarnIcon = icon(<><path d="M10 3.5 17.5 16h-15L10 3.500Z" /><path d="M10 8.200v3.500M10 13.800v.1" /></>);
export const ChevronIcon = icon(<path d="m7.5 5 5 5-5 5" />);
export const PauseIcon = icon(<path d="M7 5v10M13 5v10" />);
export const PlayIcon = icon(<path d="m6.5 4.5 9 5.5-9 5.500v-11Z" />);
export const DownIcon = icon(<path d="M10 4v11M5.5 10.8 10 15.300l4.5-4.5" />);
export const MoreIcon = icon(<path d="M4.5 10h.01M10 10h.01M15.5 10h.01" strokeWidth="2.6" />);
export const OutIcon = icon(<path d="M8 4H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3M12 6.500l3.5 3.5-3.5 3.500M15 10H8" />);
export const HelpIcon = icon(<><circle cx="10" cy="10" r="7" /><path d="M8 8.200c.1-1.2.9-1.9 2-1.900s2 .7 2 1.700c0 1.5-2 1.6-2 3.200M10 13.700v.1" /></>);
export const ShieldIcon = icon(<path d="M10 3 4.5 5v4.500c0 3.5 2.2 6 5.5 7.5 3.3-1.5 5.5-4 5.5-7.500V5L10 3Z" />);

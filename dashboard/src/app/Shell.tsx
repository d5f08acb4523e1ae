import { ActionIcon, Drawer } from '@mantine/core';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { LiveProvider } from '@/live/LiveProvider';
import { Logo } from '@/ui/Logo';
import { MenuIcon } from '@/ui/icons';
import { HelpDialog } from './HelpDialog';
import { LiveBadge } from './LiveBadge';
import { Navigation } from './Navigation';
import css from './Shell.module.css';
import { useShortcuts } from './useShortcuts';

export function Shell() {
  return (
    <LiveProvider>
      <Frame />
    </LiveProvider>
  );
}

function Frame() {
  const { pathname } = useLocation();
  const [menuOn, setMenuOn] = useState<string | null>(null);
  const [help, setHelp] = useState(false);
  useShortcuts(() => setHelp(true));
  const closeMenu = () => setMenuOn(null);
  return (
    <div className={css['shell']}>
      <a className={css['skip']} href="#main">Skip to the content</a>
      <header className={css['rail']}><Navigation onHelp={() => setHelp(true)} /></header>
      <header className={css['bar']}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Menu" onClick={() => setMenuOn(pathname)}><MenuIcon size={22} /></ActionIcon>
        <Logo size={24} />
        <strong>Messaging</strong>
        <LiveBadge />
      </header>
      {/* Open only for the page it was opened on: following a link closes it. */}
      <Drawer
        opened={menuOn === pathname} onClose={closeMenu} lockScroll={false} size={264} padding="md"
        title="Menu" closeButtonProps={{ 'aria-label': 'Close the menu' }} transitionProps={{ duration: 140 }}
      >
        <Navigation onHelp={() => { closeMenu(); setHelp(true); }} />
      </Drawer>
      <main id="main" className={css['main']} tabIndex={-1}><Outlet /></main>
      <HelpDialog opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}

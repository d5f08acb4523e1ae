import { createTheme, localStorageColorSchemeManager } from '@mantine/core';

/** Colours come from tokens.css and mantine.css; this only picks the shapes. */
export const theme = createTheme({
  primaryColor: 'teal',
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
});

/** The same key as public/colour-scheme.js. */
export const colourSchemeManager = localStorageColorSchemeManager({ key: 'messaging-colour-scheme' });

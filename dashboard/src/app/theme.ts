import { createTheme, defaultVariantColorsResolver, localStorageColorSchemeManager } from '@mantine/core';

/** Colours come from tokens.css and mantine.css; this only picks the shapes. */
export const theme = createTheme({
  primaryColor: 'teal',
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  // Nearly everything is required; what is not says so.
  components: { InputWrapper: { defaultProps: { withAsterisk: false } } },
  // White would be unreadable on the light accent of the dark scheme.
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    if (input.variant !== 'filled') return colours;
    return { ...colours, color: input.color === 'red' ? 'var(--bad-ink)' : 'var(--accent-ink)' };
  },
});

/** The same key as public/colour-scheme.js. */
export const colourSchemeManager = localStorageColorSchemeManager({ key: 'messaging-colour-scheme' });

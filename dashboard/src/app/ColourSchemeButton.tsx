import { ActionIcon, Tooltip, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { MoonIcon, SunIcon, SystemIcon } from '@/ui/icons';

const next: Record<MantineColorScheme, MantineColorScheme> = { auto: 'light', light: 'dark', dark: 'auto' };
const names: Record<MantineColorScheme, string> = { auto: 'as the system', light: 'light', dark: 'dark' };

export function ColourSchemeButton() {
  // Pausing transitions would need a style element, which the content security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const Icon = colorScheme === 'light' ? SunIcon : colorScheme === 'dark' ? MoonIcon : SystemIcon;
  const label = `Colours: ${names[colorScheme]}. Change to ${names[next[colorScheme]]}`;
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => setColorScheme(next[colorScheme])}><Icon /></ActionIcon>
    </Tooltip>
  );
}

import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { TerminalSize } from '@/sessions/arguments';
import type { Bytes } from '@/trust/protocol/bytes';
import { styleQuietly } from './quietDocument';

export interface Screen {
  size: () => TerminalSize;
  /** Calls `done` when it is shown. */
  write: (bytes: Bytes, done: () => void) => void;
  focus: () => void;
  useTheme: () => void;
  dispose: () => void;
}

interface Listener {
  onTyped: (bytes: Bytes) => void;
  onResize: (size: TerminalSize) => void;
  /** The keys that leave the terminal for the page. */
  onLeave: () => void;
}

const scrollback = 5000;

/** Puts a terminal into an element that is on the page. */
export function openScreen(host: HTMLElement, listener: Listener): Screen {
  const terminal = new Terminal({
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
    fontSize: 14,
    lineHeight: 1.15,
    cursorBlink: false,
    scrollback,
    theme: theme(),
    minimumContrastRatio: 4.5,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  const loud = styleQuietly();
  terminal.open(host);
  terminal.attachCustomKeyEventHandler((event) => handleKey(event, terminal, listener));
  fit.fit();
  const encoder = new TextEncoder();
  terminal.onData((text) => listener.onTyped(encoder.encode(text)));
  terminal.onBinary((text) => listener.onTyped(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  const size = () => ({ columns: terminal.cols, rows: terminal.rows });
  terminal.onResize(() => listener.onResize(size()));
  const observer = new ResizeObserver(() => fit.fit());
  observer.observe(host);
  return {
    size,
    write: (bytes, done) => terminal.write(bytes, done),
    focus: () => terminal.focus(),
    useTheme: () => { terminal.options.theme = theme(); },
    dispose: () => {
      observer.disconnect();
      terminal.dispose();
      loud();
    },
  };
}

/** False: the terminal does not get the key. */
function handleKey(event: KeyboardEvent, terminal: Terminal, listener: Listener): boolean {
  if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) return true;
  if (event.code === 'KeyX') {
    event.preventDefault();
    listener.onLeave();
    return false;
  }
  if (event.code === 'KeyC' && terminal.hasSelection()) {
    event.preventDefault();
    void navigator.clipboard.writeText(terminal.getSelection());
    return false;
  }
  return true;
}

/** The page's colours; the sixteen of programs keep enough contrast by themselves (minimumContrastRatio). */
function theme(): ITheme {
  const styles = getComputedStyle(document.documentElement);
  const colour = (name: string) => styles.getPropertyValue(name).trim();
  return {
    background: colour('--surface'),
    foreground: colour('--ink'),
    cursor: colour('--accent'),
    cursorAccent: colour('--surface'),
    selectionBackground: colour('--accent-soft'),
    selectionForeground: colour('--ink'),
    black: colour('--ink'),
    red: colour('--bad'),
    green: colour('--good'),
    yellow: colour('--warn'),
    blue: colour('--series-3'),
    magenta: colour('--series-4'),
    cyan: colour('--series-1'),
    white: colour('--ink-2'),
    brightBlack: colour('--ink-3'),
    brightRed: colour('--bad'),
    brightGreen: colour('--good'),
    brightYellow: colour('--warn'),
    brightBlue: colour('--series-3'),
    brightMagenta: colour('--series-6'),
    brightCyan: colour('--accent'),
    brightWhite: colour('--ink'),
  };
}

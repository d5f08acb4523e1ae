// What jsdom lacks and the components ask for.
if (typeof window !== 'undefined') {
  Object.defineProperty(window, 'matchMedia', {
    value: (query: string) => ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }),
  });
  Object.defineProperty(window, 'ResizeObserver', {
    value: class {
      observe() { /* Nothing is laid out here. */ }
      unobserve() { /* See above. */ }
      disconnect() { /* See above. */ }
    },
  });
}

// Runs before the first paint, so that a dark page never flashes white. A file of its own: inline scripts are forbidden.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('messaging-colour-scheme');
  } catch {
    // Storage is switched off in this browser: follow the system.
  }
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.mantineColorScheme = chosen === 'light' || chosen === 'dark' ? chosen : system;
})();

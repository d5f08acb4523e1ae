/**
 * Browsers let only secure contexts sign: pages over HTTPS, or of this very machine. Without one there is neither a key nor anything
 * that could be verified.
 */
export const canSign = () => window.isSecureContext && 'subtle' in crypto && 'indexedDB' in window && 'locks' in navigator;

import type { Configuration } from '../../runtime/index.js';

const MOST_REMEMBERED = 100;

/**
 * Judges Host headers. A service that listens on this machine only is reached by pages of the open web when a foreign
 * name is made to resolve to 127.0.0.1 (DNS rebinding), so such a service answers to its own names alone. One that is
 * meant to be reached from elsewhere, or through a proxy, is called by names we cannot know.
 */
export function hostCheck(configuration: Configuration): ((host: string) => boolean) | null {
  const publicName = new URL(configuration.publicUrl).hostname;
  const isLocalOnly =
    isLoopback(configuration.host) && isLoopback(publicName) && configuration.trustedProxies.length === 0;
  if (!isLocalOnly) return null;
  const accepted = new Set<string>();
  return (host) => {
    if (accepted.has(host)) return true;
    const isOwn = isLoopback(nameOf(host));
    if (isOwn && accepted.size < MOST_REMEMBERED) accepted.add(host);
    return isOwn;
  };
}

function nameOf(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase();
}

function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name === '::1' ||
    name === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  );
}

import { useEffect, useState } from 'preact/hooks';

/** Where the page is: the parts of "#/payments/0123/receipt", decoded. */
export type Route = readonly string[];

export const useRoute = (): Route => {
  const [route, setRoute] = useState(routeNow);
  useEffect(() => {
    const abort = new AbortController();
    window.addEventListener('hashchange', () => setRoute(routeNow()), { signal: abort.signal });
    return () => abort.abort();
  }, []);
  return route;
};

export const hrefOf = (...parts: readonly string[]): string =>
  `#/${parts.map(encodeURIComponent).join('/')}`;

export const goTo = (...parts: readonly string[]): void => {
  window.location.hash = hrefOf(...parts);
};

const routeNow = (): Route => {
  const parts = window.location.hash.replace(/^#?\/?/, '').split('/');
  return parts.filter((part) => part !== '').map(decoded);
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

import { useEffect } from 'preact/hooks';

/**
 * When what has the focus goes away (a button that has done its work, a notice that was closed),
 * the page's head line takes it: who uses the keyboard doesn't start again at the top.
 */
export const useKeptFocus = (): void => {
  useEffect(() => {
    let last: Element | undefined;
    const abort = new AbortController();
    const remember = ({ target }: FocusEvent): void => {
      if (target instanceof Element) last = target;
    };
    document.addEventListener('focusin', remember, { signal: abort.signal });
    const observer = new MutationObserver(() => {
      if (last === undefined || last.isConnected || document.activeElement !== document.body)
        return;
      last = undefined;
      document.querySelector('h1')?.focus();
    });
    observer.observe(document.body, { subtree: true, childList: true });
    return () => {
      abort.abort();
      observer.disconnect();
    };
  }, []);
};

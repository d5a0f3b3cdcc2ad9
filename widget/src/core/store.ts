/**
 * Storage that may be refused (private windows, blocked cookies): then it lives as long as the page.
 * `shared` is for all tabs of a site, `tab` for this one across page changes.
 */
export interface Box {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
  keys(): string[];
}

function box(kind: "localStorage" | "sessionStorage", prefix: string): Box {
  const memory = new Map<string, string>();
  const real = (): Storage | null => {
    try {
      return window[kind];
    } catch {
      return null; // access itself throws when the browser blocks storage
    }
  };
  return {
    get: (key) => memory.get(key) ?? real()?.getItem(prefix + key) ?? null,
    set(key, value) {
      memory.delete(key);
      try {
        const store = window[kind];
        if (value === null) store.removeItem(prefix + key);
        else store.setItem(prefix + key, value);
      } catch {
        if (value !== null) memory.set(key, value); // full or refused
      }
    },
    keys() {
      const found = [...memory.keys()];
      const store = real();
      for (let i = 0; store && i < store.length; i++) {
        const key = store.key(i);
        if (key?.startsWith(prefix)) found.push(key.slice(prefix.length));
      }
      return found;
    },
  };
}

export interface Stores {
  shared: Box;
  tab: Box;
}

/** One set of keys for each gateway, so that two hosts' widgets on one origin do not mix. */
export function stores(server: string): Stores {
  const prefix = `qiq ${server} `;
  return { shared: box("localStorage", prefix), tab: box("sessionStorage", prefix) };
}

// Remembers which copy minted each session, bounded in number and age so that abandoned sessions do not pile up.

/** What a session belongs to. `sessions` is kept equal to the number of sessions remembered for it. */
export type Owner = {sessions: number}

/** The table. Keys are a server and a session id, since two servers may mint the same id. */
export type Sessions<Copy extends Owner> = {
  find(server: string, id: string): Copy | undefined
  remember(server: string, id: string, copy: Copy): void
  forget(server: string, id: string): void
  /** Forgets what was idle for longer than `idleMs`; to be called now and then. */
  sweep(): void
  size(): number
}

// Longer ids are passed on but not remembered: nobody may fill our memory with them.
const longestId = 512

/**
 * Makes an empty table. Beyond `maximum` the session idle for longest is forgotten; its copy, asked about it later, can
 * still answer for it (see chooseCopies). `now` gives milliseconds.
 */
export function makeSessions<Copy extends Owner>(
  limits: {maximum: number; idleMs: number},
  now: () => number = Date.now,
): Sessions<Copy> {
  type Entry = {copy: Copy; seenAt: number}
  // The order of insertion is the order of last use, to a second.
  const entries = new Map<string, Entry>()
  const drop = (key: string, entry: Entry) => {
    entries.delete(key)
    entry.copy.sessions -= 1
  }
  return {
    find(server, id) {
      const key = `${server}\n${id}`
      const entry = entries.get(key)
      if (!entry) return undefined
      const time = now()
      if (time - entry.seenAt > 1000) {
        entry.seenAt = time
        entries.delete(key)
        entries.set(key, entry)
      }
      return entry.copy
    },
    remember(server, id, copy) {
      if (id.length > longestId) return
      const key = `${server}\n${id}`
      const known = entries.get(key)
      if (known) drop(key, known)
      entries.set(key, {copy, seenAt: now()})
      copy.sessions += 1
      if (entries.size <= limits.maximum) return
      for (const [oldest, entry] of entries) return drop(oldest, entry)
    },
    forget(server, id) {
      const key = `${server}\n${id}`
      const entry = entries.get(key)
      if (entry) drop(key, entry)
    },
    sweep() {
      const oldest = now() - limits.idleMs
      for (const [key, entry] of entries) {
        if (entry.seenAt > oldest) return
        drop(key, entry)
      }
    },
    size: () => entries.size,
  }
}

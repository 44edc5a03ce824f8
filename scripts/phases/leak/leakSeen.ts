// What the leak phase sees of one server: two copies, one whose clients say goodbye, one whose clients vanish.

/** The memory of both copies after as many visits; bytes. */
export interface Round {
  visits: number
  abandoned: Memory
  terminated: Memory
}

export interface Memory {
  /** Live after collection, where the programs tell it; their sum. */
  live: number | undefined
  /** Resident, of all processes. */
  resident: number
}

export interface LeakSeen {
  /** What a visit is: a session of the 2025 era, or a request where the server has none. */
  visit: 'session' | 'request'
  rounds: Round[]
  /** Visits that did not come off. */
  failed: number
  /** Why it ended before it was decided. */
  ended: string | undefined
  /** A copy that ended by itself, which gave back what its visits had left: nothing can be told then. */
  fell?: string | undefined
}

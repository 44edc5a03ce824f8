// Which of some folders may go: none that is pinned, none of the newest, none that is young.

export interface Kept {
  path: string
  /** Folders of one group are counted together. */
  group: string
  /** When it was changed last, in ms since 1970, by the clock of its machine. */
  changedMs: number
}

// Whatever is at work with a folder changed it within this time, also in another checkout or environment.
const youngMs = 3_600_000

/**
 * A clock that was set forward makes everything old, so the newest `count` stay by their order; one that was set back makes
 * things young, which stay. What is pinned stays whatever any clock says.
 */
export function dueOf(all: readonly Kept[], count: number, isPinned: (path: string) => boolean, nowMs: number): Kept[] {
  const groups = Map.groupBy(all, ({group}) => group)
  return [...groups.values()].flatMap(group =>
    group
      .toSorted((a, b) => b.changedMs - a.changedMs)
      .slice(count)
      .filter(({path, changedMs}) => nowMs - changedMs > youngMs && !isPinned(path)),
  )
}

// How often live is looked at: every half hour while a release is new, less often when it is not.

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** A schedule may be late and early in turn; a look that is nearly due is due. */
const slackMs = 10 * minuteMs

export interface DueLook {
  due: boolean
  /** How far apart looks should be at that age. */
  everyMs: number
}

/** All times in milliseconds since 1970; `lookedAt` is the last look, if there was one. */
export function dueLook(now: number, liveSince: number, lookedAt: number | undefined): DueLook {
  const everyMs = interval(now - liveSince)
  // A look of before the release went live says nothing about it; one in the future was written under another clock.
  const counts = lookedAt !== undefined && lookedAt >= liveSince && lookedAt <= now
  return {due: !counts || now - lookedAt >= everyMs - slackMs, everyMs}
}

// Hourly checks and half-hourly looks at resources in the first week; a look is both.
function interval(ageMs: number): number {
  if (ageMs < 7 * dayMs) return hourMs / 2
  return ageMs < 14 * dayMs ? hourMs : 6 * hourMs
}

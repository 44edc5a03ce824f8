// Compares what calls reported with the effects that are really there.
import type {EffectsSeen} from './seen.ts'

/** One counted call: how it ended for its client, and whether its own answer says that the effect was there before. */
export type CountedCall = {completed: boolean; repeated: boolean}

const namedIds = 10

/** The id of one counted call. All have the same length, so that none is a part of another. */
export function idOf(prefix: string, index: number): string {
  return `${prefix}${String(index).padStart(6, '0')}`
}

/** How often each id occurs in what was read back; every occurrence is one effect. */
export function idsIn(texts: readonly string[], prefix: string): Map<string, number> {
  const times = new Map<string, number>()
  const pattern = new RegExp(`${RegExp.escape(prefix)}\\d{6}`, 'g')
  for (const text of texts) {
    for (const [id] of text.matchAll(pattern)) times.set(id, (times.get(id) ?? 0) + 1)
  }
  return times
}

/**
 * Pure. `calls[n]` is the call with the id of index n; `times` is how often each id was found. A call that was answered
 * with the effect of an earlier execution was executed twice as well.
 */
export function countEffects(
  calls: readonly CountedCall[],
  prefix: string,
  times: ReadonlyMap<string, number>,
): Omit<EffectsSeen, 'unread' | 'uncleaned'> {
  const idsWhere = (is: (call: CountedCall, times: number) => boolean) =>
    calls.flatMap((call, index) => {
      const id = idOf(prefix, index)
      return is(call, times.get(id) ?? 0) ? [id] : []
    })
  const executedTwice = idsWhere((call, found) => found > 1 || (found === 1 && call.repeated))
  const failedButExecuted = idsWhere((call, found) => !call.completed && found > 0)
  const completedButLost = idsWhere((call, found) => call.completed && found === 0)
  return {
    sent: calls.length,
    found: times.size,
    executedTwice: executedTwice.length,
    failedButExecuted: failedButExecuted.length,
    completedButLost: completedButLost.length,
    ids: {
      executedTwice: executedTwice.slice(0, namedIds),
      failedButExecuted: failedButExecuted.slice(0, namedIds),
      completedButLost: completedButLost.slice(0, namedIds),
    },
  }
}

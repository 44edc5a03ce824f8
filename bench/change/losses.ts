// Adds up what clients lost over one change, from what the witness saw of a server.
import type {CallsSeen, ServerSeen} from '../../scripts/lib/witness/seen.ts'

/** Numbers of calls. `lost`: failed, answered wrongly or never, or reported as done without effect. */
export interface Losses {
  lost: number
  /** HTTP 200 and no response: the client cannot know. */
  silent: number
  /** Arrived at a server more than once, or had their effect twice. */
  doubled: number
  sent: number
  /** Due, but not sent, since every client of a population waited for its answer. */
  heldBack: number
}

/** `arrivedTwice` counts requests. Throws when clients could not be held, or what they did could not be read. */
export function lossesOf(seen: ServerSeen, arrivedTwice: number): Losses {
  refuseUnseen(seen)
  const calls = callsOf(seen)
  const counted = seen.populations.effects
  const effects = counted.state === 'seen' ? counted.effects : undefined
  const sum = (number: (calls: CallsSeen) => number) => calls.reduce((total, one) => total + number(one), 0)
  return {
    lost:
      sum(({failedLoudly, answeredWrongly, unfinished}) => failedLoudly + answeredWrongly + unfinished) +
      (effects?.completedButLost ?? 0),
    silent: sum(({lostSilently}) => lostSilently),
    doubled: arrivedTwice + (effects?.executedTwice ?? 0),
    sent: sum(({sent}) => sent),
    heldBack: sum(({heldBack}) => heldBack),
  }
}

/** The first calls that were lost, a line each, for people; empty when none was. */
export function toldLosses({server, populations}: ServerSeen): string[] {
  return Object.entries(populations).flatMap(([name, population]) => {
    if (population.state !== 'seen' || population.calls === undefined) return []
    return population.calls.samples.map(
      ({atMs, moment, end, summary}) => `${server} ${name} at ${atMs} ms (${moment}): ${end}: ${summary}`,
    )
  })
}

export function callsOf({populations}: ServerSeen): CallsSeen[] {
  return Object.values(populations).flatMap(population =>
    population.state === 'seen' && population.calls !== undefined ? [population.calls] : [],
  )
}

// Nothing lost by nobody would be no evidence.
function refuseUnseen({server, populations}: ServerSeen): void {
  for (const [name, population] of Object.entries(populations)) {
    if (population.state === 'unopened') throw new Error(`${server}: no ${name} clients: ${population.reason}`)
    if (population.state === 'seen' && population.effects?.unread !== undefined)
      throw new Error(`${server}: the effects could not be read: ${population.effects.unread}`)
  }
}

// Legacy sessions that were opened before the change, sleep through it, and then make one call.
import {askFor} from './ask.ts'
import {endOf} from './endOf.ts'
import {legacySession} from './legacySession.ts'
import {openSessions} from './openSessions.ts'
import {gaveUp, type Population, type Surroundings} from './population.ts'
import {sessionsSeen} from './sessionsSeen.ts'
import {makeTally} from './tally.ts'

/** Opens `sessions` sessions; `finish` wakes them. */
export async function idle(surroundings: Surroundings, {sessions}: {sessions: number}): Promise<Population> {
  const {target, moments, agent, tools, samples, signal} = surroundings
  const ask = askFor(target.probe, tools.legacy ?? [])
  const clients = Array.from({length: sessions}, () => legacySession({...target, agent}))
  await openSessions(clients)
  const tally = makeTally(moments, samples)
  const wake = async (client: (typeof clients)[number]) => {
    if (client.fate().state === 'never-opened') return
    tally.sent()
    const {outcome, ms} = await client.ask(ask)
    tally.ended(gaveUp(surroundings, endOf(outcome, ask.expect)), ms)
  }
  return {
    async finish() {
      if (!signal.aborted) await Promise.all(clients.map(wake))
    },
    async close() {
      await Promise.all(clients.map(client => client.close()))
    },
    seen() {
      // Silence is what these clients are for, so it is not told as a gap.
      const calls = {...tally.seen(), longestGapMs: 0, gaps: []}
      return {state: 'seen', calls, sessions: sessionsSeen(clients.map(client => client.fate()))}
    },
  }
}

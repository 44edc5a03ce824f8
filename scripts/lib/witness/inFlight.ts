// Legacy sessions that call one after the other, so that calls are in flight at every moment of the change.
import {askFor} from './ask.ts'
import {drive} from './drive.ts'
import {endOf} from './endOf.ts'
import {legacySession} from './legacySession.ts'
import {openSessions} from './openSessions.ts'
import {gaveUp, type Population, type Surroundings} from './population.ts'
import {sessionsSeen} from './sessionsSeen.ts'
import {makeTally} from './tally.ts'

/** Opens `sessions` sessions and lets them call `perSecond` times together. */
export async function inFlight(
  surroundings: Surroundings,
  {sessions, perSecond}: {sessions: number; perSecond: number},
): Promise<Population> {
  const {target, moments, agent, tools, samples, signal} = surroundings
  const ask = askFor(target.longCall ?? target.probe, tools.legacy ?? [])
  const clients = Array.from({length: sessions}, () => legacySession({...target, agent}))
  await openSessions(clients)
  const tally = makeTally(moments, samples)
  const callers = clients.map(client => async () => {
    tally.sent()
    const {outcome, ms} = await client.ask(ask)
    tally.ended(gaveUp(surroundings, endOf(outcome, ask.expect)), ms)
  })
  const driven = drive({perSecond, callers, onHeldBack: tally.heldBack, signal})
  return {
    async finish() {
      tally.close()
      await driven.stop()
    },
    async close() {
      await Promise.all(clients.map(client => client.close()))
    },
    seen: () => ({
      state: 'seen',
      calls: tally.seen(),
      sessions: sessionsSeen(clients.map(client => client.fate())),
    }),
  }
}

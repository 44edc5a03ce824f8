// Stateless callers of the 2026-07-28 era, at a steady rate.
import {openMcp} from '../mcp/client.ts'
import {askFor} from './ask.ts'
import {drive} from './drive.ts'
import {endOf} from './endOf.ts'
import {absentPopulation, gaveUp, type Population, type Surroundings} from './population.ts'
import {makeTally} from './tally.ts'

// Calls that wait for an answer at the same time; more would be a load test, not a witness.
const mostAtOnce = 64

/** Calls `perSecond` times, whether the calls before were answered or not. */
export async function modern(surroundings: Surroundings, {perSecond}: {perSecond: number}): Promise<Population> {
  const {target, moments, agent, tools, samples, signal} = surroundings
  const ask = askFor(target.probe, tools.modern ?? [])
  const opened = await openMcp({...target, agent, era: 'modern'})
  if (!opened.ok) return absentPopulation('unopened', opened.outcome.summary)
  const {client} = opened
  const tally = makeTally(moments, samples)
  const caller = async () => {
    tally.sent()
    const outcome = await client.request(ask.method, ask.params, {inputSchema: ask.inputSchema})
    tally.ended(gaveUp(surroundings, endOf(outcome, ask.expect)), outcome.ms)
  }
  const callers = Array.from({length: mostAtOnce}, () => () => caller())
  const driven = drive({perSecond, callers, onHeldBack: tally.heldBack, signal})
  return {
    async finish() {
      tally.close()
      await driven.stop()
    },
    close: async () => {},
    seen: () => ({state: 'seen', calls: tally.seen()}),
  }
}

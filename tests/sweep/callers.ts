// Calls servers all the time while something happens to them, and tells what came back.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {TestContext} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {ask} from './ask.ts'
import {type LiveRig, names} from './liveRig.ts'

export interface Seen {
  calls: number
  /** Server and reason, with the time since the beginning and what was going on. */
  faults: string[]
  /** The call that took longest, by server: how long, and what was going on. */
  longest: Record<string, {ms: number; at: string}>
  /** Marks whose call was answered well but which the state does not hold exactly once. */
  lost: string[]
}

const pauseMs = 60

/**
 * Begins to call the servers that every release has; `end` waits for the calls in flight and judges the state. `during` says
 * what is going on, for faults.
 */
export function callers(
  rig: LiveRig,
  test: TestContext,
  during: () => string = () => '',
  servers: readonly string[] = Object.values(names),
): {end: () => Promise<Seen>} {
  const beganAt = performance.now()
  const seen: Seen = {calls: 0, faults: [], longest: {}, lost: []}
  const marks: string[] = []
  let goesOn = true
  test.after(() => {
    goesOn = false
  })
  const loop = async (server: string, message: (count: number) => string) => {
    for (let count = 0; goesOn; count += 1) {
      const text = message(count)
      const answer = await ask(rig.through(server), text)
      seen.calls += 1
      const at = `${Math.round(performance.now() - beganAt)} ms (${during()})`
      if (answer.ms > (seen.longest[server]?.ms ?? -1)) seen.longest[server] = {ms: answer.ms, at}
      if (answer.text !== text)
        seen.faults.push(`${server} at ${at}: ${answer.fault ?? answer.text} after ${answer.ms} ms`)
      else if (text.startsWith('keep:')) marks.push(text.slice(5))
      await pause(pauseMs)
    }
  }
  const begin = `${process.pid}-${Math.round(beganAt)}`
  const messages: Record<string, (count: number) => string> = {[names.inPlace]: count => `keep:${begin}-${count}`}
  const loops = servers.map(server => loop(server, messages[server] ?? (count => `${server} ${count}`)))
  return {
    end: async () => {
      goesOn = false
      await Promise.all(loops)
      const kept = marks.length === 0 ? [] : readFileSync(join(rig.state, 'kept'), 'utf8').split('\n')
      seen.lost = marks.filter(mark => kept.filter(line => line === mark).length !== 1)
      return seen
    },
  }
}

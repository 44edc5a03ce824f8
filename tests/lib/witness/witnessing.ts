// What the tests of the witness share: a probe, a counter, and a short way to watch one server.
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import type {CallsSeen, PopulationName, PopulationSeen, ServerSeen} from '../../../scripts/lib/witness/seen.ts'
import {startWitness, type Witness} from '../../../scripts/lib/witness/startWitness.ts'
import type {Counter, WitnessTarget} from '../../../scripts/lib/witness/target.ts'
import {startFixture} from '../mcp/startFixture.ts'

export const probe = {tool: 'echo', arguments: {message: 'hello'}}

export const counter: Counter = {
  tool: 'count',
  arguments: {id: '{id}'},
  read: {tool: 'counted', ids: '$.structuredContent.ids[*]'},
  first: '$.structuredContent.made[*]',
  perSecond: 40,
}

/** A folder for the effects of one test. */
export function effectsFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'witness-'))
  return {file: join(folder, 'effects'), [Symbol.dispose]: () => rmSync(folder, {recursive: true, force: true})}
}

/** The counting server as a process of its own. */
export function startCounting(env: {[name: string]: string}) {
  return startFixture('../../lib/witness/counting', env)
}

/** Watches the server at `url` while `change` happens. */
export async function watch(
  url: string,
  change: (witness: Witness) => Promise<unknown>,
  options: Partial<WitnessTarget> & {callsPerSecond?: number; sessions?: number} = {},
): Promise<ServerSeen> {
  const {callsPerSecond = 100, sessions = 10, ...target} = options
  const targets = [{server: 'one', url, probe, timeoutMs: 2000, ...target}]
  const witness = await startWitness({targets, signal: new AbortController().signal, callsPerSecond, sessions})
  try {
    await pause(200)
    witness.mark('switch')
    await change(witness)
    await pause(200)
  } finally {
    await witness.stop()
  }
  const seen = (await witness.stop()).one
  if (seen === undefined) throw new Error('the witness saw nothing')
  return seen
}

/** A population that must have been seen. */
export function population(seen: ServerSeen, name: PopulationName): PopulationSeen & {state: 'seen'} {
  const found = seen.populations[name]
  if (found.state !== 'seen') throw new Error(`${name} was ${found.state}: ${found.reason}`)
  return found
}

/** The calls of a population that must have made some. */
export function callsOf(seen: ServerSeen, name: PopulationName): CallsSeen {
  const {calls} = population(seen, name)
  if (calls === undefined) throw new Error(`${name} has no calls`)
  return calls
}

/** One kind of end, added up over all populations. */
export function total(
  seen: ServerSeen,
  key: 'sent' | 'completed' | 'failedLoudly' | 'lostSilently' | 'answeredWrongly' | 'abandoned' | 'unfinished',
): number {
  return Object.values(seen.populations).reduce(
    (sum, one) => sum + (one.state === 'seen' ? (one.calls?.[key] ?? 0) : 0),
    0,
  )
}

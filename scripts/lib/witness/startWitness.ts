// The witness: populations of live clients, kept alive against every server through a change and counted.
import {mapConcurrent} from '../async/mapConcurrent.ts'
import type {WitnessSeen} from './seen.ts'
import type {WitnessTarget} from './target.ts'
import {type WatchedServer, watchServer} from './watchServer.ts'

/** What to watch. Rates and sessions are those of each server; aborting the signal ends all clients at once. */
export type WitnessOptions = {
  targets: readonly WitnessTarget[]
  signal: AbortSignal
  /** Calls per second against each server, all its populations together. */
  callsPerSecond: number
  /** Legacy sessions of each server, all its populations together; at least 4. */
  sessions: number
  /** How many calls of each population that did not end well are kept in words; default 5. */
  samples?: number
}

/** A running witness. */
export type Witness = {
  /** Notes a moment of the change, for one server or for all; what comes after the first one is the change. */
  mark(moment: string, server?: string): void
  /** What was seen so far. */
  now(): WitnessSeen
  /** Wakes the sleepers, reads the effects, ends every client and tells all. A second call gives the same. */
  stop(): Promise<WitnessSeen>
}

const serversAtOnce = 8

/** Opens every population against every server and returns when they are open. Never throws for what a server does. */
export async function startWitness(options: WitnessOptions): Promise<Witness> {
  const {targets, samples = 5} = options
  const servers = await mapConcurrent(targets, serversAtOnce, target => watchServer(target, {...options, samples}))
  const watched = new Map<string, WatchedServer>(targets.map((target, index) => [target.server, at(servers, index)]))
  let stopped: Promise<WitnessSeen> | undefined
  return {
    mark(moment, server) {
      const marked = server === undefined ? watched.values() : [watched.get(server)]
      for (const one of marked) one?.mark(moment)
    },
    now: () => Object.fromEntries([...watched].map(([name, one]) => [name, one.now()])),
    stop() {
      stopped ??= Promise.all([...watched].map(async ([name, one]) => [name, await one.stop()] as const)).then(
        Object.fromEntries,
      )
      return stopped as Promise<WitnessSeen>
    },
  }
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new Error(`there is no item ${index} among ${items.length}`)
  return item
}

// Keeps all populations of one server alive.
import http from 'node:http'
import https from 'node:https'
import {askEras, type EraAnswer} from './askEras.ts'
import {effects} from './effects.ts'
import {idle} from './idle.ts'
import {inFlight} from './inFlight.ts'
import {modern} from './modern.ts'
import {startMoments} from './moments.ts'
import {officialSdk} from './officialSdk.ts'
import {absentPopulation, type Population, type Surroundings} from './population.ts'
import {type PopulationName, populationNames, type ServerSeen} from './seen.ts'
import {share} from './share.ts'
import {streams} from './streams.ts'
import type {WitnessTarget} from './target.ts'

/** One server under witness. `stop` ends every client and tells what was seen; it may be called once. */
export type WatchedServer = {mark(moment: string): void; now(): ServerSeen; stop(): Promise<ServerSeen>}

/** How much is done: rates and sessions are those of this one server. */
export type WatchOptions = {callsPerSecond: number; sessions: number; samples: number; signal: AbortSignal}

// Servers close kept connections after some seconds, and a call must not meet one that is just being closed.
const keptConnectionMs = 2000

/** Opens every population that the server has clients for; returns when all are open. */
export async function watchServer(target: WitnessTarget, options: WatchOptions): Promise<WatchedServer> {
  const {Agent} = target.url.startsWith('https:') ? https : http
  const agent = new Agent({keepAlive: true, timeout: keptConnectionMs})
  const eras = await askEras(target)
  const moments = startMoments()
  const onAbort = () => agent.destroy()
  options.signal.addEventListener('abort', onAbort)
  const surroundings: Surroundings = {
    target,
    moments,
    agent,
    tools: {legacy: toolsOf(eras.legacy), modern: toolsOf(eras.modern)},
    signal: options.signal,
    samples: options.samples,
  }
  const populations = await openPopulations(surroundings, eras, options)
  const seen = (): ServerSeen => ({
    server: target.server,
    forMs: Math.round(moments.now()),
    moments: moments.list(),
    populations: Object.fromEntries(
      populationNames.map(name => [name, populations[name].seen()]),
    ) as ServerSeen['populations'],
  })
  return {
    mark: moments.mark,
    now: seen,
    async stop() {
      const all = populationNames.map(name => populations[name])
      // Those that slept wake only after all others are done, so that what they meet is what is left of the change.
      await Promise.all(all.filter(one => one !== populations['legacy-idle']).map(one => one.finish()))
      await populations['legacy-idle'].finish()
      const told = seen()
      await Promise.all(all.map(one => one.close()))
      options.signal.removeEventListener('abort', onAbort)
      agent.destroy()
      return told
    },
  }
}

async function openPopulations(
  surroundings: Surroundings,
  eras: {legacy: EraAnswer; modern: EraAnswer},
  options: WatchOptions,
): Promise<{[name in PopulationName]: Population}> {
  const {legacy, modern: stateless} = eras
  const {counter} = surroundings.target
  const {callsPerSecond, sessions} = options
  const shares = share({
    callsPerSecond,
    sessions,
    legacy: legacy.speaks,
    modern: stateless.speaks,
    effectsPerSecond: counter && (counter.perSecond ?? Math.min(5, callsPerSecond / 10)),
  })
  const state = legacy.speaks || stateless.speaks ? 'skipped' : 'unopened'
  const absent = (reason: string) => Promise.resolve(absentPopulation(state, reason))
  const inLegacy = (open: () => Promise<Population>) => (legacy.speaks ? open() : absent(legacy.reason))
  const inAny = (open: () => Promise<Population>) =>
    legacy.speaks || stateless.speaks ? open() : absent(`${legacy.reason}; ${stateless.reason}`)
  // Sleepers first: their sessions are to be opened before anybody can disturb the server.
  const sleeping = await inLegacy(() => idle(surroundings, shares.idle))
  const [standing, calling, steady, official, counted] = await Promise.all([
    inAny(() => streams(surroundings, shares.streams)),
    inLegacy(() => inFlight(surroundings, shares.inFlight)),
    stateless.speaks ? modern(surroundings, shares.modern) : absent(stateless.reason),
    inAny(() => officialSdk(surroundings, shares.officialSdk)),
    inAny(() => effects(surroundings, shares.effects)),
  ])
  return {
    'legacy-in-flight': calling,
    'legacy-idle': sleeping,
    stream: standing,
    modern: steady,
    'official-sdk': official,
    effects: counted,
  }
}

function toolsOf(answer: EraAnswer) {
  return answer.speaks ? answer.tools : undefined
}

// Shares out the calls and sessions of one server among its populations.

/** How much each population does. Rates are calls per second, the rest are numbers of clients. */
export type Share = {
  inFlight: {sessions: number; perSecond: number}
  idle: {sessions: number}
  streams: {streams: number}
  modern: {perSecond: number}
  officialSdk: {perSecond: number}
  effects: {perSecond: number}
}

// The SDK and the counting tool are slower than a bare call, so they stay few whatever the rate.
const fewPerSecond = 5

/**
 * The shares of `callsPerSecond` and `sessions`. At least one client is in each population, so that fewer than four
 * sessions are taken for four.
 */
export function share(options: {
  callsPerSecond: number
  sessions: number
  legacy: boolean
  modern: boolean
  effectsPerSecond: number | undefined
}): Share {
  const {callsPerSecond, legacy, modern} = options
  const few = Math.min(fewPerSecond, callsPerSecond / 10)
  const effects = options.effectsPerSecond ?? 0
  const rest = Math.max(callsPerSecond / 10, callsPerSecond - few - effects)
  const sessions = Math.max(4, options.sessions)
  const streams = Math.min(4, Math.max(1, Math.round(sessions / 25)))
  const idle = Math.max(1, Math.round((sessions - streams) * 0.4))
  return {
    inFlight: {sessions: sessions - streams - idle - 1, perSecond: legacy && modern ? rest / 2 : rest},
    idle: {sessions: idle},
    streams: {streams},
    modern: {perSecond: legacy && modern ? rest / 2 : rest},
    officialSdk: {perSecond: few},
    effects: {perSecond: effects},
  }
}

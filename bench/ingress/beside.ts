// Measures a proxy and the server behind it in turn, in short rounds, so that whatever slows the machine slows both.
import {median} from '../median.ts'
import {type Called, closedLoop} from './closedLoop.ts'

export interface Beside {
  direct: Called
  proxied: Called
  signal: AbortSignal
}

const rounds = 5
// Until both are compiled as those of a day are: the first second of a proxy takes twice as much of a processor a call.
const warmUpMs = 2000
const busyMs = 600
const aloneMs = 400
const busyConnections = 16

/** Calls in a second through the proxy divided by those of the server itself, both as many as can be. */
export async function rateRatio({direct, proxied, signal}: Beside): Promise<number> {
  const rate = async (called: Called, ms: number) =>
    (await closedLoop(called, {connections: busyConnections, ms, signal})).perSecond
  await rate(direct, warmUpMs)
  await rate(proxied, warmUpMs)
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const own = await rate(direct, busyMs)
    ratios.push((await rate(proxied, busyMs)) / own)
  }
  return median(ratios)
}

/** What the proxy adds to the median time of a call when there is one at a time, in milliseconds. */
export async function addedMs({direct, proxied, signal}: Beside): Promise<number> {
  const p50 = async (called: Called) => (await closedLoop(called, {connections: 1, ms: aloneMs, signal})).p50Ms
  const added: number[] = []
  for (let round = 0; round < rounds; round++) {
    const own = await p50(direct)
    added.push((await p50(proxied)) - own)
  }
  return median(added)
}

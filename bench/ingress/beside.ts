// Measures a proxy and the server behind it in turn, in short rounds, so that whatever slows the machine slows both.
import {median} from '../median.ts'
import {type Called, closedLoop} from './closedLoop.ts'

export interface Beside {
  direct: Called
  proxied: Called
  signal: AbortSignal
}

// Until both are compiled as those of a day are: the first second of a proxy takes twice as much of a processor a call.
const warmUpMs = 2000
const busy = {rounds: 5, ms: 600}
const alone = {rounds: 9, ms: 400}

/** Calls in a second through the proxy divided by those of the server itself, both as many as those connections can make. */
export async function rateRatio({direct, proxied, signal}: Beside, connections: number): Promise<number> {
  const rate = async (called: Called, ms: number) => (await closedLoop(called, {connections, ms, signal})).perSecond
  const ratios = await inTurn(busy, {direct, proxied}, rate, (own, through) => through / own)
  return median(ratios)
}

/** What the proxy adds to the median time of a call when there is one at a time, in milliseconds. */
export async function addedMs({direct, proxied, signal}: Beside): Promise<number> {
  const p50 = async (called: Called, ms: number) => (await closedLoop(called, {connections: 1, ms, signal})).p50Ms
  const added = await inTurn(alone, {direct, proxied}, p50, (own, through) => through - own)
  return median(added)
}

/** Warms both up in the same way as they are measured; then what each round says of the two. */
async function inTurn(
  {rounds, ms}: {rounds: number; ms: number},
  {direct, proxied}: Omit<Beside, 'signal'>,
  measured: (called: Called, ms: number) => Promise<number>,
  compare: (own: number, through: number) => number,
): Promise<number[]> {
  await measured(direct, warmUpMs)
  await measured(proxied, warmUpMs)
  const compared: number[] = []
  for (let round = 0; round < rounds; round++) {
    const own = await measured(direct, ms)
    compared.push(compare(own, await measured(proxied, ms)))
  }
  return compared
}

// Tells how long a piece of work took, and for how much of that this process waited for others.

export interface Waited {
  ms: number
  /** `ms` less the processor time that this process took meanwhile, its other threads' included: never more than it waited. */
  waitedMs: number
}

/** Runs `work` to its end. Nothing else of weight may go on in this process at the same time. */
export async function timed<Result>(work: () => Promise<Result>): Promise<{result: Result; took: Waited}> {
  const beganAt = performance.now()
  const before = process.cpuUsage()
  const result = await work()
  const {user, system} = process.cpuUsage(before)
  const ms = performance.now() - beganAt
  const waitedMs = Math.max(0, ms - (user + system) / 1000)
  return {result, took: {ms: Math.round(ms), waitedMs: Math.round(waitedMs)}}
}

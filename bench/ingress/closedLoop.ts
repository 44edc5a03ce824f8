// Calls as fast as the answers come, over a number of connections for some time: what is measured at an address.
import {median} from '../median.ts'
import {type Caller, makeCaller} from './caller.ts'

/** What is called: opened once on each connection, then called until the time is over. */
export interface Called {
  origin: string
  /** Prepares a connection; gives what makes its call number `index` and rejects when its answer is not right. */
  open: (caller: Caller) => Promise<{call: (index: number) => Promise<void>; close: () => Promise<void>}>
}

export interface ClosedLoop {
  connections: number
  ms: number
  signal: AbortSignal
}

export interface LoopSeen {
  perSecond: number
  /** Of one call. */
  p50Ms: number
}

/** Rejects with the first call that fails: what fails is often quick. */
export async function closedLoop({origin, open}: Called, {connections, ms, signal}: ClosedLoop): Promise<LoopSeen> {
  await using cleanUp = new AsyncDisposableStack()
  const callers = Array.from({length: connections}, () => cleanUp.use(makeCaller(origin)))
  const opened = await Promise.all(callers.map(open))
  const times: number[] = []
  const beganAt = performance.now()
  const endAt = beganAt + ms
  await Promise.all(
    opened.map(async ({call}) => {
      for (let index = 0, at = performance.now(); at < endAt; index++) {
        signal.throwIfAborted()
        await call(index)
        const answeredAt = performance.now()
        times.push(answeredAt - at)
        at = answeredAt
      }
    }),
  )
  const seconds = (performance.now() - beganAt) / 1000
  await Promise.all(opened.map(({close}) => close()))
  return {perSecond: times.length / seconds, p50Ms: median(times)}
}

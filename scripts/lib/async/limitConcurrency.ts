// Lets costly work be done by a few at a time, whoever asks for it; the others wait for their turn.
import pLimit from 'p-limit'

/** After `giveBackAfterMs` the next begins as well: what takes so long waits for somebody else, and needs no core. */
export type LimitConcurrency = <Result>(work: () => Promise<Result>, giveBackAfterMs?: number) => Promise<Result>

/** At most `atOnce` pieces of work at the same time, in the order in which they were asked for. */
export function limitConcurrency(atOnce: number): LimitConcurrency {
  const limit = pLimit(atOnce)
  return (work, giveBackAfterMs) =>
    new Promise(resolve => {
      void limit(async () => {
        const result = (async () => work())()
        resolve(result)
        await endOrTimeout(result, giveBackAfterMs)
      })
    })
}

// Never rejects: whoever asked for the work gets its fault.
function endOrTimeout(work: Promise<unknown>, timeoutMs: number | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs)
    void Promise.allSettled([work]).then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

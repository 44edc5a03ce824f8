// Does the same work for several things, a few at a time; the first failure stops the work on the others too.
import {availableParallelism} from 'node:os'
import {mapConcurrent} from '../async/mapConcurrent.ts'

/** Waits until all have ended, also after a failure, then throws that failure, or the reason of `signal`. */
export async function stopOnFailure<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  try {
    return await mapConcurrent(items, Math.max(2, availableParallelism()), async item => {
      try {
        either.throwIfAborted()
        return await work(item, either)
      } catch (thrown) {
        stop.abort(thrown)
        throw thrown
      }
    })
  } catch (thrown) {
    signal.throwIfAborted()
    throw thrown
  }
}

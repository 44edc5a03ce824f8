// Does the same work for several things, a few at a time; the first failure stops the others.
import {availableParallelism} from 'node:os'

/** Waits until all have ended, also after a failure, then throws that failure, or the reason of `signal`. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const results: Result[] = []
  const failures: unknown[] = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) {
      if (either.aborted) return
      try {
        results[index] = await work(item, either)
      } catch (thrown) {
        failures.push(thrown)
        stop.abort(thrown)
      }
    }
  }
  await Promise.all(Array.from({length: Math.max(2, availableParallelism())}, worker))
  signal.throwIfAborted()
  if (failures.length > 0) throw failures[0]
  return results
}

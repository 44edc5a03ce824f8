// Does the same to every item of a list, a bounded number of them at the same time.
import pMap from 'p-map'

/** Results in the order of the items. The first fault stops new work and is thrown once the running work has ended. */
export async function mapConcurrent<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const running = new Set<Promise<Result>>()
  const observed = async (item: Item) => {
    const result = work(item)
    running.add(result)
    try {
      return await result
    } finally {
      running.delete(result)
    }
  }
  try {
    return (await pMap(items, observed, {concurrency: atOnce})) as Result[]
  } catch (fault) {
    // p-map throws at once; what still runs would then use what its caller takes away.
    await Promise.allSettled(running)
    throw fault
  }
}

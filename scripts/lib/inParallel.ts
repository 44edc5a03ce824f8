// Does the same to every item of a list, a bounded number of them at the same time.

/** Results in the order of the items. The first fault stops new work and is thrown once the running work has ended. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  const faults: unknown[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length && faults.length === 0) {
      const index = next++
      try {
        results[index] = await work(items[index] as Item)
      } catch (fault) {
        faults.push(fault)
      }
    }
  }
  await Promise.all(Array.from({length: Math.min(atOnce, items.length)}, worker))
  if (faults.length > 0) throw faults[0]
  return results
}

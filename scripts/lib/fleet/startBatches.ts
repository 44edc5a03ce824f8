// The order in which servers start: batches whose members may start at the same time.

type Waiting = readonly {name: string; after: readonly string[]}[]

export interface Batches {
  batches: string[][]
  /** Servers of which each waits for the next, and the last for the first; empty when there is an order. */
  circle: string[]
}

export function startBatches(servers: Waiting): Batches {
  const batches: string[][] = []
  const ready = new Set<string>()
  let waiting = [...servers]
  while (waiting.length > 0) {
    const batch = waiting.filter(server => server.after.every(other => ready.has(other))).map(server => server.name)
    if (batch.length === 0) return {batches, circle: circleAmong(waiting)}
    batches.push(batch)
    for (const name of batch) ready.add(name)
    waiting = waiting.filter(server => !ready.has(server.name))
  }
  return {batches, circle: []}
}

// Each of them waits for another of them, so whoever follows that far enough comes by a second time.
function circleAmong(waiting: Waiting): string[] {
  const way: string[] = []
  let next = waiting[0]
  while (next !== undefined && !way.includes(next.name)) {
    const {name, after} = next
    way.push(name)
    next = waiting.find(server => after.includes(server.name))
  }
  return next === undefined ? way : way.slice(way.indexOf(next.name))
}

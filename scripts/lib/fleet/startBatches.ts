// The order in which servers start: batches whose members may start at the same time.

export interface Batches {
  batches: string[][]
  /** Servers that wait for each other, directly or not; empty when there is an order. */
  circle: string[]
}

export function startBatches(servers: readonly {name: string; after: readonly string[]}[]): Batches {
  const batches: string[][] = []
  const ready = new Set<string>()
  let waiting = [...servers]
  while (waiting.length > 0) {
    const batch = waiting.filter(server => server.after.every(other => ready.has(other))).map(server => server.name)
    if (batch.length === 0) return {batches, circle: waiting.map(server => server.name)}
    batches.push(batch)
    for (const name of batch) ready.add(name)
    waiting = waiting.filter(server => !ready.has(server.name))
  }
  return {batches, circle: []}
}

// Counts finished requests in plain numbers; a metrics library looks each up by a text of its labels, a twentieth of a request.

/** One finished request. Status 0: the client went away first. */
export type Finished = {server: string; method: string | undefined; status: number; seconds: number; bytes: number}

/** The requests of one server and class. `statuses` are numbers of requests; `within` has one for each limit and one for more. */
export type Counted = {
  server: string
  class: string
  statuses: Map<number, number>
  within: number[]
  seconds: number
  bytes: number
}

/** `all` gives what was counted since the start, in the order in which each server and class first came. */
export type Tally = {add(request: Finished): void; all(): Counted[]}

// What MCP uses the methods for. Other methods are one class, so that a client cannot make up labels.
const classes: {[method: string]: string} = {POST: 'call', GET: 'stream', DELETE: 'end'}
const limitsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600]

/** Makes an empty tally. */
export function makeTally(): Tally {
  const servers = new Map<string, Map<string, Counted>>()
  const countedOf = (server: string, kind: string) => {
    const known = servers.get(server)?.get(kind)
    if (known !== undefined) return known
    const within = [...limitsSeconds, Number.POSITIVE_INFINITY].map(() => 0)
    const counted = {server, class: kind, statuses: new Map(), within, seconds: 0, bytes: 0}
    servers.set(server, (servers.get(server) ?? new Map()).set(kind, counted))
    return counted
  }
  return {
    add({server, method, status, seconds, bytes}) {
      const counted = countedOf(server, classes[method ?? ''] ?? 'other')
      counted.statuses.set(status, (counted.statuses.get(status) ?? 0) + 1)
      counted.seconds += seconds
      counted.bytes += bytes
      let place = 0
      while (place < limitsSeconds.length && seconds > (limitsSeconds[place] ?? 0)) place += 1
      counted.within[place] = (counted.within[place] ?? 0) + 1
    },
    all: () => [...servers.values()].flatMap(kinds => [...kinds.values()]),
  }
}

/** The durations as a histogram in the form that Prometheus reads, where each bucket holds those of the smaller ones too. */
export function durationText(name: string, help: string, all: readonly Counted[]): string {
  const lines = all.flatMap(({server, class: kind, within, seconds}) => {
    const labels = `server="${server}",class="${kind}"`
    let sum = 0
    const buckets = within.map((number, place) => {
      sum += number
      return `${name}_bucket{le="${limitsSeconds[place] ?? '+Inf'}",${labels}} ${sum}`
    })
    return [...buckets, `${name}_sum{${labels}} ${seconds}`, `${name}_count{${labels}} ${sum}`]
  })
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n')
}

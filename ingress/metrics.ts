// Counts what passes through the ingress, in the form that Prometheus reads.
import {Counter, collectDefaultMetrics, Gauge, Registry} from 'prom-client'
import type {Table} from './table.ts'
import {durationText, type Finished, makeTally} from './tally.ts'

/** The counters. `upstreamError` counts attempts that a copy refused, broke off or failed. */
export type Metrics = {
  finished(request: Finished): void
  upstreamError(server: string, kind: 'refused' | 'failed' | 'cut'): void
  text(): Promise<{contentType: string; body: string}>
}

/** Makes a registry of its own. All but the errors is read from the table and the tally when it is asked for. */
export function makeMetrics(table: Table, sessions: {size(): number}): Metrics {
  const register = new Registry()
  collectDefaultMetrics({register})
  const registers = [register]
  const tally = makeTally()
  new Counter({
    name: 'ingress_requests_total',
    help: 'Finished requests; status 0 when the client went away first.',
    labelNames: ['server', 'class', 'status'],
    registers,
    collect: readAnew(add => {
      for (const {server, class: kind, statuses} of tally.all())
        for (const [status, number] of statuses) add([server, kind, String(status)], number)
    }),
  })
  new Counter({
    name: 'ingress_response_bytes_total',
    help: 'Bytes of answers.',
    labelNames: ['server'],
    registers,
    collect: readAnew(add => {
      for (const {server, bytes} of tally.all()) add([server], bytes)
    }),
  })
  const errors = new Counter({
    name: 'ingress_upstream_errors_total',
    help: 'Attempts that a copy refused, failed before its answer, or cut within it.',
    labelNames: ['server', 'kind'],
    registers,
  })
  gauge(register, 'ingress_in_flight', 'Requests that a copy is working on.', ['server', 'copy'], set => {
    for (const {name, copies} of table.values()) for (const copy of copies) set([name, copy.id], copy.inFlight)
  })
  gauge(register, 'ingress_streams', 'Streams that are open.', ['server', 'copy'], set => {
    for (const {name, copies} of table.values()) for (const copy of copies) set([name, copy.id], copy.streams.length)
  })
  gauge(register, 'ingress_held', 'Requests that wait for a copy to become active.', ['server'], set => {
    for (const {name, hold} of table.values()) set([name], hold.held())
  })
  gauge(register, 'ingress_sessions', 'Sessions that are remembered.', [], set => set([], sessions.size()))
  return {
    finished: tally.add,
    upstreamError: (server, kind) => errors.inc({server, kind}),
    text: async () => {
      const durations = durationText(
        'ingress_request_duration_seconds',
        'From the head of a request to the end of its answer.',
        tally.all(),
      )
      return {contentType: register.contentType, body: `${await register.metrics()}\n${durations}`}
    },
  }
}

type Add = (labels: string[], value: number) => void

function gauge(register: Registry, name: string, help: string, labelNames: string[], read: (set: Add) => void) {
  new Gauge({name, help, labelNames, registers: [register], collect: readAnew(read)})
}

type Summed = {reset(): void; labels(...values: string[]): {inc(value: number): void}}

/** What a metric does when it is asked for: forgets what it was told the last time and is told all. */
function readAnew(read: (add: Add) => void): (this: Summed) => void {
  return function () {
    this.reset()
    read((labels, value) => this.labels(...labels).inc(value))
  }
}

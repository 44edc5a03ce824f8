// Counts what passes through the ingress, in the form that Prometheus reads.
import {Counter, collectDefaultMetrics, Gauge, Histogram, Registry} from 'prom-client'
import type {Table} from './table.ts'

/** One finished request. Status 0: the client went away first. */
export type Finished = {server: string; method: string | undefined; status: number; seconds: number; bytes: number}

/** The counters. `upstreamError` counts attempts that a copy refused, broke off or failed. */
export type Metrics = {
  finished(request: Finished): void
  upstreamError(server: string, kind: 'refused' | 'failed' | 'cut'): void
  text(): Promise<{contentType: string; body: string}>
}

// What MCP uses the methods for. Other methods are one class, so that a client cannot make up labels.
const classes: {[method: string]: string} = {POST: 'call', GET: 'stream', DELETE: 'end'}

/** Makes a registry of its own. Gauges are read from the table when they are asked for. */
export function makeMetrics(table: Table, sessions: {size(): number}): Metrics {
  const register = new Registry()
  collectDefaultMetrics({register})
  const registers = [register]
  const requests = new Counter({
    name: 'ingress_requests_total',
    help: 'Finished requests; status 0 when the client went away first.',
    labelNames: ['server', 'class', 'status'],
    registers,
  })
  const duration = new Histogram({
    name: 'ingress_request_duration_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['server', 'class'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600],
    registers,
  })
  const bytes = new Counter({
    name: 'ingress_response_bytes_total',
    help: 'Bytes of answers.',
    labelNames: ['server'],
    registers,
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
    finished({server, method, status, seconds, bytes: count}) {
      const kind = classes[method ?? ''] ?? 'other'
      requests.inc({server, class: kind, status})
      duration.observe({server, class: kind}, seconds)
      bytes.inc({server}, count)
    },
    upstreamError: (server, kind) => errors.inc({server, kind}),
    text: async () => ({contentType: register.contentType, body: await register.metrics()}),
  }
}

function gauge(
  register: Registry,
  name: string,
  help: string,
  labelNames: string[],
  read: (set: (labels: string[], value: number) => void) => void,
) {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [register],
    collect() {
      this.reset()
      read((labels, value) => this.labels(...labels).set(value))
    },
  })
}

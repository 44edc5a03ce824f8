// The clock of one server under witness, and the moments that were marked on it.
import type {Gap, Moment} from './seen.ts'

/** Monotonic time since the start. The first moment is `start`, at 0. */
export type Moments = {
  now(): number
  mark(name: string): void
  current(): string
  list(): Moment[]
  /** A time without success that began at `fromMs` and ends at `untilMs`. */
  gap(fromMs: number, untilMs: number): Gap
}

/** Starts the clock. */
export function startMoments(): Moments {
  const startedAt = performance.now()
  const marked: Moment[] = [{name: 'start', atMs: 0}]
  const now = () => Math.round((performance.now() - startedAt) * 10) / 10
  return {
    now,
    mark: name => void marked.push({name, atMs: now()}),
    current: () => marked.at(-1)?.name ?? 'start',
    list: () => [...marked],
    gap: (fromMs, untilMs) => ({
      fromMs: Math.round(fromMs),
      ms: Math.round(untilMs - fromMs),
      since: marked.findLast(moment => moment.atMs <= fromMs)?.name ?? 'start',
      moments: marked.filter(moment => moment.atMs > fromMs && moment.atMs <= untilMs).map(moment => moment.name),
    }),
  }
}

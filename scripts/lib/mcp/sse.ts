// Reads a Server-Sent Events stream and hands on the data of every event that carries some.
import {createParser} from 'eventsource-parser'

/** What was seen in a stream so far. `empty` counts events without data, such as the priming events of SEP-1699. */
export type SseCounts = {events: number; empty: number; comments: number}

/** Feeds text of a stream; `counts` grows as events are read. */
export type SseReader = {push(text: string): void; counts: SseCounts}

/**
 * Makes a reader that calls `onData` once for each event whose data is not empty. Comments are counted and
 * passed over. An event cut off by the end of the stream is not an event (HTML standard, 9.2.6), so it is never
 * handed on.
 */
export function readSse(onData: (data: string) => void): SseReader {
  const counts: SseCounts = {events: 0, empty: 0, comments: 0}
  const parser = createParser({
    onEvent(event) {
      counts.events += 1
      if (event.data === '') counts.empty += 1
      else onData(event.data)
    },
    // SEP-1699 priming events have an id and no `data:` line at all in some servers; the parser reports only the id.
    onComment() {
      counts.comments += 1
    },
  })
  return {push: text => parser.feed(text), counts}
}

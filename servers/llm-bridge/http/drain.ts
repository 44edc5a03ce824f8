// Counts the calls in flight, and waits for them when the bridge stops.
import type {ServerResponse} from 'node:http'

export type Drain = {
  /** Counts the response until it is finished or its connection is gone. */
  track(response: ServerResponse): void
  inFlight(): number
  /** From now on responses close their connection; answers whether all calls ended within `timeoutMs`. */
  finish(timeoutMs: number): Promise<boolean>
}

export function createDrain(): Drain {
  const responses = new Set<ServerResponse>()
  let stopping = false
  let whenEmpty: (() => void) | undefined

  return {
    inFlight: () => responses.size,
    track(response) {
      if (stopping) response.setHeader('connection', 'close')
      responses.add(response)
      response.once('close', () => {
        responses.delete(response)
        if (responses.size === 0) whenEmpty?.()
      })
    },
    async finish(timeoutMs) {
      stopping = true
      for (const response of responses) if (!response.headersSent) response.setHeader('connection', 'close')
      if (responses.size === 0) return true
      const empty = new Promise<true>(resolve => {
        whenEmpty = () => resolve(true)
      })
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<false>(resolve => {
        timer = setTimeout(() => resolve(false), timeoutMs)
      })
      const ended = await Promise.race([empty, late])
      clearTimeout(timer)
      return ended
    },
  }
}

// Opens the standing stream of many sessions and keeps them open.
import http from 'node:http'

export interface OpenStreams {
  origin: string
  path: string
  /** Their ids. */
  sessions: readonly string[]
  signal: AbortSignal
}

export interface Streams extends AsyncDisposable {
  /** How many are open and have brought at least two events. */
  alive: () => number
}

/** Resolves when the server has begun to answer each. */
export async function openStreams({origin, path, sessions, signal}: OpenStreams): Promise<Streams> {
  const agent = new http.Agent()
  const events = sessions.map(() => 0)
  await Promise.all(
    sessions.map((session, index) => {
      const headers = {accept: 'text/event-stream', 'mcp-session-id': session}
      return new Promise<void>((resolve, reject) => {
        const request = http.get(new URL(path, origin), {agent, headers, signal}, response => {
          response.on('data', () => {
            events[index] = (events[index] ?? 0) + 1
          })
          response.on('close', () => {
            events[index] = 0
          })
          response.on('error', () => undefined)
          resolve()
        })
        request.on('error', reject)
      })
    }),
  )
  return {
    alive: () => events.filter(count => count >= 2).length,
    [Symbol.asyncDispose]: async () => agent.destroy(),
  }
}

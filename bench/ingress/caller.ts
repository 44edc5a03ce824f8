// One connection of a load: sends a request, reads the answer to its end and checks it.
import {Client} from 'undici'

export interface CallerRequest {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  headers: Record<string, string>
  body?: string
}

export interface CallerAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

export interface Caller extends AsyncDisposable {
  /** Rejects when the connection breaks or no answer comes within 10 s. */
  ask: (request: CallerRequest) => Promise<CallerAnswer>
}

const deadlineMs = 10_000

export function makeCaller(origin: string): Caller {
  // `dispatch` costs a sixth of what `fetch` does, so that the load takes little from what is measured.
  const client = new Client(origin, {pipelining: 1, headersTimeout: deadlineMs, bodyTimeout: deadlineMs})
  return {
    ask: ({method, path, headers, body}) =>
      new Promise((resolve, reject) => {
        const answer: CallerAnswer = {status: 0, headers: {}, body: ''}
        client.dispatch(
          {method, path, headers, body},
          {
            onRequestStart: () => undefined,
            onResponseStart(_controller, status, heads) {
              answer.status = status
              answer.headers = heads
            },
            onResponseData(_controller, chunk) {
              answer.body += chunk.toString('latin1')
            },
            onResponseEnd: () => resolve(answer),
            onResponseError: (_controller, error) => reject(error),
          },
        )
      }),
    [Symbol.asyncDispose]: () => client.destroy(),
  }
}

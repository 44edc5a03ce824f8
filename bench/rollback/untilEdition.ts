// A client that asks every server over and over which edition answers, until all answer with the one that is wanted.
import http from 'node:http'
import {setTimeout as pause} from 'node:timers/promises'
import type {Edition} from '../sample/sampleFolder.ts'

export interface UntilEdition {
  /** Where each server is asked, by its name. */
  urls: Readonly<Record<string, string>>
  wanted: Edition
  signal: AbortSignal
}

const pauseMs = 10
const deadlineMs = 60_000

/** Time of day in milliseconds since 1970 at which the last server answered so; a held request counts when it is answered. */
export async function untilEdition({urls, wanted, signal}: UntilEdition): Promise<number> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
  const agent = new http.Agent({keepAlive: true})
  try {
    const times = await Promise.all(
      Object.entries(urls).map(async ([name, base]) => {
        // Servers know no such path, but whoever refuses it says who it is.
        const url = new URL(`${base}/which-edition`)
        for (;;) {
          if ((await editionAt(url, agent, either)) === wanted) return Date.now()
          if (either.aborted && !signal.aborted)
            throw new Error(`${name}: the deadline of ${deadlineMs} ms passed before edition ${wanted} answered`)
          await pause(pauseMs, undefined, {signal})
        }
      }),
    )
    return Math.max(...times)
  } finally {
    agent.destroy()
  }
}

/** Undefined where nobody answers, or only the ingress does. */
function editionAt(url: URL, agent: http.Agent, signal: AbortSignal): Promise<string | undefined> {
  return new Promise(resolve => {
    const request = http.get(url, {agent, signal}, response => {
      response.resume().on('error', () => undefined)
      const edition = response.headers['x-bench-edition']
      response.on('close', () => resolve(typeof edition === 'string' ? edition : undefined))
    })
    request.on('error', () => resolve(undefined))
  })
}

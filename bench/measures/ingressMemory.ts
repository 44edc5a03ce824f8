// How much memory the ingress needs for many open sessions and streams.
import {readFileSync} from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import type {IngressStatus} from '../../ingress/status.ts'
import {inRepository} from '../child/repository.ts'
import {openSession} from '../ingress/called.ts'
import {makeCaller} from '../ingress/caller.ts'
import {openStreams} from '../ingress/openStreams.ts'
import {startIngress} from '../ingress/startIngress.ts'
import {startListener} from '../ingress/startListener.ts'
import type {Measure} from '../measure.ts'

const sessions = 1000
const streams = 200
const callers = 20
// The server sends on every stream ten times a second; memory is read when some have passed.
const eventsMs = 2000

/** The ingress is new for each sample; sessions and streams are open while its memory is read. */
export const ingressMemory: Measure = {
  name: 'ingress-memory',
  title: `a new ingress with ${sessions} open sessions and ${streams} open streams, on which events come`,
  runs: 5,
  figures: [
    {
      name: 'ingress-memory',
      title: `resident memory of the ingress with ${sessions} sessions and ${streams} streams`,
      unit: 'MB',
      limit: {atMost: 150},
    },
  ],
  open: async signal => {
    const program = inRepository('bench/ingress/streamServer.mjs')
    const server = await startListener([process.execPath, program], said =>
      said.endsWith('\n') ? Number(said) : undefined,
    )
    return {
      sample: async () => ({'ingress-memory': await residentMegabytes(`http://127.0.0.1:${server.port}`, signal)}),
      [Symbol.asyncDispose]: server[Symbol.asyncDispose],
    }
  },
}

async function residentMegabytes(server: string, signal: AbortSignal): Promise<number> {
  await using cleanUp = new AsyncDisposableStack()
  const ingress = cleanUp.use(await startIngress({streaming: server}))
  const origin = `http://127.0.0.1:${ingress.port}`
  const path = '/streaming/mcp'
  const ids = await Promise.all(
    Array.from({length: callers}, async () => {
      await using caller = makeCaller(origin)
      const opened: string[] = []
      while (opened.length < sessions / callers) opened.push(await openSession(caller, path))
      return opened
    }),
  )
  const open = cleanUp.use(await openStreams({origin, path, sessions: ids.flat().slice(0, streams), signal}))
  await pause(eventsMs, undefined, {signal})
  const status = (await (await fetch(`${origin}/-/status`)).json()) as IngressStatus
  const held = status.servers.streaming?.copies.a
  // Sessions or streams that were lost would make it small.
  if (held?.sessions !== sessions || held.streams !== streams || open.alive() !== streams)
    throw new Error(
      `the ingress should hold ${sessions} sessions and ${streams} streams with events, has ${JSON.stringify(held)}, ${open.alive()} with events`,
    )
  const text = readFileSync(`/proc/${ingress.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) / 1024
}

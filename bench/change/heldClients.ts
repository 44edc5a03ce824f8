// Clients that are held through a change at one server of the sample fleet: many sessions, and calls at a steady rate.
import {readFileSync, writeFileSync} from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import type {InstanceServer} from '../../scripts/lib/target/instance.ts'
import type {ServerSeen} from '../../scripts/lib/witness/seen.ts'
import {startWitness} from '../../scripts/lib/witness/startWitness.ts'
import type {Counter, WitnessTarget} from '../../scripts/lib/witness/target.ts'
import {witnessTarget} from '../../scripts/phases/continuityTarget.ts'
import {arrivalsPath} from '../sample/sampleFolder.ts'
import {arrivedTwice} from './arrivedTwice.ts'
import {callsOf, type Losses, lossesOf, toldLosses} from './losses.ts'

/** Of the server. */
export const load = {callsPerSecond: 200, sessions: 50}

export interface HeldClients {
  server: InstanceServer
  /** Folder of the sample fleet, where its servers note what arrives. */
  folder: string
  secrets: Record<string, string>
  /** Whether clients reach the server through the ingress or at its own port. */
  through: 'ingress' | 'server'
  signal: AbortSignal
  /** What is done meanwhile. */
  change: () => Promise<void>
}

/** `perSecond`: calls that were sent in a second before the change, when nothing kept a client waiting. */
export type HeldLosses = Losses & {perSecond: number}

const steadyMs = 2000
const afterMs = 1500

/** What was lost at one server from before the change until after it. */
export async function heldClients({
  server,
  folder,
  secrets,
  through,
  signal,
  change,
}: HeldClients): Promise<HeldLosses> {
  const arrivals = arrivalsPath(folder)
  writeFileSync(arrivals, '')
  const witness = await startWitness({targets: [targetOf(server, secrets, through)], signal, ...load})
  let perSecond: number
  try {
    const sent = () => Object.values(witness.now()).reduce((sum, seen) => sum + sentOf(seen), 0)
    const before = sent()
    const beganAt = performance.now()
    await pause(steadyMs, undefined, {signal})
    perSecond = ((sent() - before) * 1000) / (performance.now() - beganAt)
    witness.mark('change')
    await change()
    await pause(afterMs, undefined, {signal})
  } finally {
    await witness.stop()
  }
  const seen = (await witness.stop())[server.name]
  if (seen === undefined) throw new Error(`${server.name} should have been watched, but nothing was seen of it`)
  const arrived = readFileSync(arrivals, 'utf8')
  if (arrived === '')
    throw new Error(`${server.name} noted no request that arrived, so none could be seen to arrive twice`)
  const losses = lossesOf(seen, arrivedTwice(arrived).length)
  if (through === 'ingress') for (const line of toldLosses(seen)) console.error(`  ${line}`)
  return {...losses, perSecond}
}

function sentOf(seen: ServerSeen): number {
  return callsOf(seen).reduce((sum, calls) => sum + calls.sent, 0)
}

function targetOf(
  server: InstanceServer,
  secrets: Record<string, string>,
  through: HeldClients['through'],
): WitnessTarget {
  const target = witnessTarget(server, {secrets})
  const counter = target.counter ?? counters(server)[server.name]
  return {
    ...target,
    url: through === 'ingress' ? server.through : server.endpoint,
    counter,
    headers: numbered(target.headers),
  }
}

// Every request reads the headers again, so each has its own number, which the servers record.
function numbered(headers: WitnessTarget['headers']): Record<string, string> {
  return Object.defineProperty({...headers}, 'x-bench-call', {enumerable: true, get: () => String(++numbers.last)})
}

const numbers = {last: 0}

// The memory server has a counter in the fleet file. Here each id is one more line in a file, so that a second one shows.
function counters({state}: InstanceServer): Record<string, Counter> {
  const path = `${state}/welcome.md`
  return {
    files: {
      tool: 'edit_file',
      arguments: {path, edits: [{oldText: 'Welcome aboard', newText: 'Welcome aboard\n{id}'}]},
      read: {tool: 'read_text_file', arguments: {path}, ids: '$.content[*].text'},
    },
  }
}

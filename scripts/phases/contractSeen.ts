// What the phases about contracts write down of what they saw, and how they ask a server of the instance.
import {type Contract, makeContract, refused} from '../lib/contract/contract.ts'
import {observeViews, type ViewSeen} from '../lib/contract/observe/observeViews.ts'
import {fact} from '../lib/journal/facts.ts'
import type {Recorded} from '../lib/records/recordedContract.ts'
import type {InstanceServer} from '../lib/target/instance.ts'
import {boundsOf, headersOf} from './clientOf.ts'
import type {PhaseContext} from './phase.ts'

/** One address of a server as it was seen: the copy itself, or the ingress. */
export interface PlaceSeen {
  at: string
  instance: string
  copy: string
  ms: number
  views: Omit<ViewSeen, 'surface'>[]
  notSpoken: {era: string; why: string}[]
  /** Absent when a view is at fault: half a contract would look like a loss. */
  contract?: Contract
  /** Its contract is that of the place it is compared with, and left out. */
  sameAsFirst?: true
}

/** A contract on record beside the observed one: whole only where it differs, since the journal keeps it. */
export type OnRecord =
  | {state: 'none'; why: string}
  | {state: 'fault'; fault: string}
  | {state: 'same'; from: string; digest: string}
  | {state: 'differs'; from: string; contract: Contract}

export async function seePlace(
  context: Pick<PhaseContext, 'instance' | 'secrets' | 'signal'>,
  server: InstanceServer,
  url: string,
): Promise<PlaceSeen> {
  const beganAt = performance.now()
  const {timeoutMs, maximumBytes, signal} = boundsOf(server, context)
  const {views, notSpoken} = await observeViews({
    url,
    headers: headersOf(server, context),
    timeoutMs,
    maximumBytes,
    signal,
    own: {state: server.state, folder: server.folder, release: context.instance.releaseFolder, url: server.url},
  })
  return {
    at: new Date().toISOString(),
    instance: context.instance.name,
    copy: server.copy,
    ms: Math.round(performance.now() - beganAt),
    views: views.map(({surface: _, ...seen}) => seen),
    notSpoken,
    contract: contractOf(server.name, views),
  }
}

/** What the phase `contract` saw of this very copy in this run, so that nobody asks the same again. */
export function recallPlace(context: PhaseContext, server: InstanceServer): PlaceSeen | undefined {
  const place = fact<{place: PlaceSeen}>(context.entries(), `observed.contract.${server.name}`)?.place
  return place?.instance === context.instance.name && place.copy === server.copy ? place : undefined
}

/** Why a place is no basis for a judgement; undefined when it is one. */
export function faultOf({views, contract}: PlaceSeen): string | undefined {
  const faults = views.flatMap(({view, fault}) => (fault === undefined ? [] : [`${view}: ${fault}`]))
  if (faults.length > 0) return faults.join('; ')
  return contract === undefined ? 'it speaks no era of the protocol that we know' : undefined
}

export function besideRecord(recorded: Recorded, observed: Contract | undefined, name: string): OnRecord {
  if (recorded.from === 'fault') return {state: 'fault', fault: recorded.fault}
  if (recorded.from === 'none') return {state: 'none', why: `no contract of ${name} is on record`}
  const {from, contract} = recorded
  return contract.digest === observed?.digest
    ? {state: 'same', from, digest: contract.digest}
    : {state: 'differs', from, contract}
}

function contractOf(server: string, views: readonly ViewSeen[]): Contract | undefined {
  if (views.length === 0 || views.some(({fault}) => fault !== undefined)) return undefined
  // A server that only refuses has shown nothing.
  if (views.every(({surface}) => surface === undefined)) return undefined
  return makeContract(server, Object.fromEntries(views.map(({view, surface}) => [view, surface ?? refused])))
}

// Runs a phase about contracts against a fixture server, with contracts on record as a test says.
import type {Contract} from '../../scripts/lib/contract/contract.ts'
import type {CheckEntry, Entry, EntryBody} from '../../scripts/lib/journal/entry.ts'
import type {ContractRecords, EarlierRelease} from '../../scripts/lib/records/contractRecords.ts'
import type {Recorded} from '../../scripts/lib/records/recordedContract.ts'
import type {InstanceServer} from '../../scripts/lib/target/instance.ts'
import {contract} from '../../scripts/phases/contract.ts'
import type {Phase, PhaseContext} from '../../scripts/phases/phase.ts'
import {runPhase} from '../../scripts/phases/runPhase.ts'
import {startFixture} from '../lib/mcp/startFixture.ts'
import {settingsOf} from './phaseRig.ts'

export interface ContractRig {
  env?: Record<string, string>
  fixture?: string
  /** The server's keys in the fleet file. */
  declared?: object
  secrets?: Record<string, string>
  /** Name of the instance; a rehearsal where none is given. */
  instance?: string
  own?: Recorded
  earlier?: EarlierRelease
  ofEarlier?: Recorded
  /** What the fleet file of the earlier release said of the server. */
  settingsOfEarlier?: object
  /** Entries of the run so far. */
  entries?: Entry[]
  /** Another fixture to which the ingress leads, and one that a second copy is. */
  ingress?: Record<string, string>
  copy?: Record<string, string> | 'unready'
}

export const earlierRelease = {
  release: 'a'.repeat(64),
  which: 'live',
  servers: ['one'],
} satisfies EarlierRelease as Extract<EarlierRelease, {which: string}>
const noEarlier: EarlierRelease = {release: undefined, why: 'no release is live or verified here'}

/** The checks by name, without the phase. */
export async function ranOn(phase: unknown, rig: ContractRig = {}): Promise<Record<string, CheckEntry>> {
  const {env = {}, fixture = 'shaped', instance = 'rehearsal-1'} = rig
  await using server = await startFixture(fixture, env)
  await using ingress = rig.ingress ? await startFixture(fixture, {...env, ...rig.ingress}) : undefined
  const wantsCopy = rig.copy !== undefined && rig.copy !== 'unready'
  await using copy = wantsCopy ? await startFixture(fixture, {...env, ...(rig.copy as object)}) : undefined
  const settings = settingsOf({client: {timeoutMs: 3000}, ...rig.declared})
  const one = {
    name: 'one',
    copy: 'c1',
    folder: '/nowhere/copies/one.c1',
    state: '/nowhere/state/one',
    url: new URL(server.url).origin,
    endpoint: server.url,
    through: ingress?.url ?? server.url,
    settings,
  } as InstanceServer
  const contracts: ContractRecords = {
    own: async () => rig.own ?? {from: 'none'},
    earlier: async () => rig.earlier ?? noEarlier,
    ofEarlier: async () => rig.ofEarlier ?? {from: 'none'},
    settingsOfEarlier: async () => (rig.settingsOfEarlier ? settingsOf(rig.settingsOfEarlier) : undefined),
  }
  const recorded: EntryBody[] = []
  const context = {
    instance: {name: instance, releaseFolder: '/nowhere/release', servers: [one]},
    servers: [one],
    secrets: rig.secrets ?? {},
    signal: AbortSignal.timeout(60_000),
    contracts,
    entries: () => rig.entries ?? [],
    remember: () => undefined,
    startCopy: async () => ({
      ...one,
      copy: 'extra',
      endpoint: copy?.url ?? server.url,
      ready: rig.copy !== 'unready',
      detail: 'it ended at once',
      [Symbol.asyncDispose]: async () => undefined,
    }),
  } as unknown as PhaseContext
  const checks = await runPhase({
    phase: phase as Phase,
    context,
    accept: [],
    record: (...entries) => void recorded.push(...structuredClone(entries)),
  })
  return Object.fromEntries(checks.map(check => [check.check.split('/')[1] ?? '', check]))
}

/** The contract that a fixture shows, as the phase itself sees it. */
export async function contractOf(
  env: Record<string, string>,
  fixture = 'shaped',
  rig: Pick<ContractRig, 'declared' | 'secrets'> = {},
): Promise<Contract> {
  const recorded: EntryBody[] = []
  const keep = {...contract, server: contract.server && {...contract.server}} as unknown as Phase
  const part = keep.server
  if (part === undefined) throw new Error('the phase has a server part')
  let seen: unknown
  part.evidence = (value: unknown) => {
    seen = value
    return {have: 1, need: 1, what: 'looks'}
  }
  await ranOn({...keep, fleet: undefined}, {...rig, env, fixture})
  const found = (seen as {place: {contract?: Contract}}).place.contract
  if (found === undefined)
    throw new Error(`the fixture ${fixture} has no contract: ${JSON.stringify([seen, recorded])}`)
  return found
}

// The lines of `pnpm status`, a pure function of what was seen.
import type {StandbyNow} from './cutover/standbyNow.ts'
import type {Fleet} from './fleet/resolveFleet.ts'
import type {Instance} from './instance/instance.ts'
import {lastEnd} from './lastEnd.ts'
import {type Holder, presentable} from './lock/holder.ts'
import type {HolderState} from './lock/holderState.ts'
import {shortDigest} from './release/release.ts'
import type {LivePointer, ReleaseRecord} from './store/store.ts'
import type {ProgramStatus} from './target.ts'

export interface StatusSeen {
  fleet: Fleet
  pointer: LivePointer | undefined
  records: ReleaseRecord[]
  lock: Holder | undefined
  /** What is known of the run that holds the lock. */
  lockState: HolderState | undefined
  /** When it gave its last sign of life, in ms since 1970. */
  lockHeardMs: number | undefined
  /** What a killed run left half done; undefined when nothing is. */
  unfinished: {run: string; purpose: string} | undefined
  instance: Instance | undefined
  programs: ProgramStatus[]
  /** Undefined when no copy is on standby. */
  standby: StandbyNow | undefined
  health: {status: number | undefined; transport: string; text: string; ms: number} | undefined
}

export function statusLines({
  fleet,
  pointer,
  records,
  lock,
  lockState,
  lockHeardMs,
  unfinished,
  instance,
  programs,
  standby,
  health,
}: StatusSeen): string[] {
  const head = `${fleet.name} ${fleet.environment} (${fleet.target})`
  const lines =
    instance === undefined ? [`${head}: nothing is live`] : liveLines(head, pointer, instance, programs, health)
  if (standby !== undefined) lines.push(standbyLine(standby))
  const rehearsed = records
    .flatMap(record => record.rehearsals.map(rehearsal => ({...rehearsal, release: record.release})))
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0]
  if (rehearsed !== undefined)
    lines.push(
      `  last rehearsal ${shortDigest(rehearsed.release)}: ${rehearsed.verdict} at ${rehearsed.at} in ${(rehearsed.ms / 1000).toFixed(1)} s`,
    )
  if (lock !== undefined) lines.push(lockLine(lock, lockState, lockHeardMs))
  if (unfinished !== undefined && (lock === undefined || lockState === 'ended'))
    lines.push(`  run ${unfinished.run} left a ${unfinished.purpose} unfinished`, '  → pnpm resume puts it in order')
  if (instance === undefined) lines.push('  → pnpm deploy:staging rehearses the fleet on a throw-away twin')
  return lines
}

function standbyLine({release, servers, until}: StandbyNow): string {
  const back = `pnpm rollback takes ${servers.length === 1 ? 'it' : 'them'} back`
  const of = `${servers.join(', ')} of ${shortDigest(release)}`
  return `  standby  ${of} until ${until}: ${back}`
}

function lockLine(lock: Holder, state: HolderState | undefined, heardMs: number | undefined): string {
  const {run, purpose, user, host, since, leaseSeconds} = presentable(lock)
  const heard = heardMs === undefined ? '' : `, last sign of life ${new Date(heardMs).toISOString()}`
  switch (state) {
    case 'ended':
      return `  run ${run} was killed while it held the lock to ${purpose}; the next run takes it over`
    case 'ending':
      return `  run ${run} was killed while it held the lock to ${purpose}; its last step ends, then the next run takes it over`
    case 'silent':
      return `  locked by run ${run} to ${purpose} (${user}@${host}, since ${since}${heard}); it is silent for longer than its lease of ${leaseSeconds} s lasts, so the next run takes it over`
    default:
      return `  locked by run ${run} to ${purpose} (${user}@${host}, since ${since}${heard})`
  }
}

function liveLines(
  head: string,
  pointer: LivePointer | undefined,
  instance: Instance,
  programs: ProgramStatus[],
  health: StatusSeen['health'],
): string[] {
  const since = pointer === undefined ? '' : ` since ${pointer.since}, run ${pointer.run}`
  const well = health?.status === 200
  const said = health?.transport === 'ok' ? `HTTP ${health.status}` : health?.transport
  return [
    `${head}: ${shortDigest(instance.release)} is live${since}`,
    `  ${well ? '✓' : '✗'} ${instance.ingress.url}/health: ${said} in ${health?.ms} ms`,
    ...programs.map(programLine),
  ]
}

function programLine({name, running, identity, restarts, lastExit, memoryMegabytes}: ProgramStatus): string {
  const process = running ? `process ${identity.split('@')[0]}` : 'does not run'
  const memory = memoryMegabytes === undefined ? '' : `, ${Math.round(memoryMegabytes)} MB`
  const ends = restarts === 0 ? '' : `, ${restarts} restarts${lastExit ? `, ${lastEnd(lastExit)}` : ''}`
  return `  ${running ? '✓' : '✗'} ${name.padEnd(14)} ${process}${memory}${ends}`
}

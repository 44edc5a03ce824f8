// The lines of `pnpm status`, a pure function of what was seen: what is wrong with which program, and the next command.
import type {StandbyNow} from '../cutover/standbyNow.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import type {ProgramState} from '../instance/programState.ts'
import {type Stopped, stoppedBy} from '../instance/stoppedFile.ts'
import {type Holder, presentable} from '../lock/holder.ts'
import type {HolderState} from '../lock/holderState.ts'
import type {LivePointer, ReleaseRecord} from '../records/records.ts'
import {shortDigest} from '../release/release.ts'
import type {Instance} from '../target/instance.ts'

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
  /** Set where `pnpm stop` ended it. */
  stopped: Stopped | undefined
  /** The ingress and every server; undefined where nothing of it runs. */
  programs: ProgramState[] | undefined
  /** Undefined when no copy is on standby. */
  standby: StandbyNow | undefined
}

const signs = {healthy: '✓', unhealthy: '✗', unknown: '?'} as const

export function statusLines(seen: StatusSeen): string[] {
  const {fleet, records, lock, lockState, lockHeardMs, instance, standby} = seen
  const head = `${fleet.name} ${fleet.environment} (${fleet.target})`
  const lines = instance === undefined ? [`${head}: nothing is live`] : liveLines(head, instance, seen)
  if (standby !== undefined) lines.push(standbyLine(standby))
  const rehearsed = records
    .flatMap(record => record.rehearsals.map(rehearsal => ({...rehearsal, release: record.release})))
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0]
  if (rehearsed !== undefined)
    lines.push(
      `  last rehearsal ${shortDigest(rehearsed.release)}: ${rehearsed.verdict} at ${rehearsed.at} in ${(rehearsed.ms / 1000).toFixed(1)} s`,
    )
  if (lock !== undefined) lines.push(lockLine(lock, lockState, lockHeardMs))
  if (isLeft(seen))
    lines.push(`  ✗ run ${seen.unfinished?.run} left a ${seen.unfinished?.purpose} unfinished → pnpm resume`)
  if (instance === undefined) lines.push('  → pnpm deploy:staging rehearses the fleet on a rehearsal stack')
  return lines
}

/** Whether everything that should run runs and was found healthy, and no killed run left anything. */
export function isWell(
  seen: Pick<StatusSeen, 'instance' | 'stopped' | 'programs' | 'unfinished' | 'lock' | 'lockState'>,
): boolean {
  if (isLeft(seen)) return false
  if (seen.instance === undefined) return true
  return (
    seen.stopped === undefined &&
    (seen.programs ?? []).length > 0 &&
    seen.programs?.every(({state}) => state === 'healthy') === true
  )
}

// While its run is at work, a change is no fault.
function isLeft({unfinished, lock, lockState}: Pick<StatusSeen, 'unfinished' | 'lock' | 'lockState'>): boolean {
  return unfinished !== undefined && (lock === undefined || lockState === 'ended')
}

function liveLines(head: string, instance: Instance, {pointer, stopped, programs}: StatusSeen): string[] {
  const release = shortDigest(instance.release)
  const left = stopped === undefined ? [] : (programs ?? [])
  if (stopped !== undefined)
    return [
      `${head}: ${release} is ${stoppedBy(stopped)} → pnpm start`,
      ...(left.length > 0
        ? ['  ✗ it was not stopped to the end → pnpm stop, or pnpm start', ...left.map(programLine)]
        : []),
    ]
  const since = pointer === undefined ? '' : ` since ${pointer.since}, run ${pointer.run}`
  return [
    `${head}: ${release} is live${since}`,
    ...(programs?.map(programLine) ?? ['  ✗ nothing of it runs, as after a reboot → pnpm resume']),
  ]
}

export function programLine({name, state, sentence, next}: ProgramState): string {
  return `  ${signs[state]} ${name.padEnd(14)} ${sentence}${next === undefined ? '' : ` → ${next}`}`
}

function standbyLine({release, servers, until, isStale}: StandbyNow): string {
  const of = `${servers.join(', ')} of ${shortDigest(release)}`
  if (isStale) return `  ✗ standby  ${of} should have ended at ${until} → pnpm resume`
  return `  standby  ${of} until ${until}: pnpm rollback takes ${servers.length === 1 ? 'it' : 'them'} back`
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
      return `  locked by run ${run} to ${purpose} (${user}@${host}, since ${since}${heard}); it is silent for longer than its lease of ${leaseSeconds} s lasts, so the next run takes it over → pnpm unlock, or pnpm resume`
    default:
      return `  locked by run ${run} to ${purpose} (${user}@${host}, since ${since}${heard}) → pnpm unlock shows the holder`
  }
}

// Breaks a healthy copy in one way after the other, and sees each time who notices and whether it comes back.
import {setTimeout as pause} from 'node:timers/promises'
import type {ServerCopy} from '../../lib/cutover/startCopy.ts'
import {UserError} from '../../lib/errors/userError.ts'
import {type Climb, isLate} from '../../lib/mcp/ladder.ts'
import type {CopyProcess} from '../../lib/target/target.ts'
import type {FaultSeen} from './faultSeen.ts'
import {type RunningFault, runningFaults} from './faults.ts'
import {type Context, failingCalls, heldAgain, look, notice} from './look.ts'

/** What is silent so much longer than usual will not answer any more; a monitor waits as long or longer. */
const timesUsual = 10
const leastTimeoutMs = 1000
const mostTimeoutMs = 2000
/** Until a server that was killed is taken for one that does not come back. */
const recoveryMs = {killed: 5000, 'child-killed': 2000, other: 2000}
/** How long a copy that is not healthy before a fault may take to become so. */
const baselineMs = 10_000
const settleMs = 30

export async function breakRunning(copy: ServerCopy, context: Context): Promise<FaultSeen[]> {
  const healthy = await look(copy, context)
  const failingBefore = new Set(await failingCalls(copy, context))
  const timeoutMs = timeoutOf(healthy.ms)
  const seen: FaultSeen[] = []
  for (const fault of runningFaults.filter(({to}) => to !== 'child' || copy.settings.bridge !== undefined)) {
    const {name, told} = fault
    const about: FaultSeen = {name, told, wanted: 'notice', rungs: []}
    const skipped = reasonToSkip(fault, copy)
    if (skipped !== undefined) {
      if (skipped !== '') seen.push({...about, skipped})
      continue
    }
    const {before, retried} = await lookBefore(copy, context, timeoutMs)
    if (!before.holds)
      seen.push({...about, void: `it was not healthy before, twice: ${before.summary}`, late: isLate(before)})
    else seen.push({...about, retried, ...(await broken(fault, {copy, context, timeoutMs, failingBefore}))})
  }
  return seen
}

// One moment of a busy machine must not cost the whole rehearsal: it gets time to recover, and one more look.
async function lookBefore(
  copy: ServerCopy,
  context: Context,
  timeoutMs: number,
): Promise<{before: Climb; retried?: string}> {
  const first = await look(copy, context)
  if (first.holds) return {before: first}
  await heldAgain(copy, {since: performance.now(), withinMs: baselineMs, timeoutMs}, context)
  return {before: await look(copy, context), retried: first.summary}
}

/** The deadline of one request to a copy that may be broken. */
export function timeoutOf(usualMs: number): number {
  return Math.round(Math.min(mostTimeoutMs, Math.max(leastTimeoutMs, usualMs * timesUsual)))
}

// Nothing to say of a server that keeps no state: it writes nothing.
function reasonToSkip({by}: RunningFault, {settings: {state, calls}}: ServerCopy): string | undefined {
  if (by !== 'full-disk') return undefined
  if (state === undefined) return ''
  if (calls.some(({on}) => on === 'rehearsal')) return undefined
  return 'no declared call writes; declare one with on: rehearsal'
}

interface Broken {
  copy: ServerCopy
  context: Context
  timeoutMs: number
  /** Calls that did not answer as expected when nothing was broken. */
  failingBefore: ReadonlySet<string>
}

async function broken(
  fault: RunningFault,
  {copy, context, timeoutMs, failingBefore}: Broken,
): Promise<Partial<FaultSeen>> {
  const victims = (await copy.processes()).filter(({role}) => isMeant(fault, role))
  if (victims.length === 0) return {void: 'there was no such process'}
  const since = performance.now()
  try {
    await doIt(fault, copy, victims)
  } catch (thrown) {
    if (fault.by === 'full-disk' && thrown instanceof UserError)
      return {skipped: 'the limit of file sizes cannot be set on this machine (prlimit)'}
    throw thrown
  }
  // At the same time: on a busy machine a program that was killed may be back before its processes were counted.
  const [noticed, undone] = await Promise.all([
    notice(copy, {since, timeoutMs}, context),
    pause(settleMs).then(() => withoutEffect(fault, copy, victims)),
  ])
  if (undone !== undefined) return {void: undone}
  const failing = noticed.noticedAfterMs === undefined && fault.by !== 'halt' ? await failingCalls(copy, context) : []
  const call = failing.find(title => !failingBefore.has(title))
  const ends = fault.by === 'kill' ? undefined : await takeBack(fault, copy, victims)
  const withinMs = recoveryMs[fault.name as keyof typeof recoveryMs] ?? recoveryMs.other
  const afterMs = await heldAgain(copy, {since: ends ?? since, withinMs, timeoutMs}, context)
  return {
    ...noticed,
    call,
    recovery: {since: ends === undefined ? 'fault' : 'its end', afterMs, waitedMs: withinMs},
  }
}

function isMeant({to}: RunningFault, role: CopyProcess['role']): boolean {
  return to === 'all' ? role !== 'supervisor' : role === to
}

async function doIt({by, told}: RunningFault, copy: ServerCopy, victims: readonly CopyProcess[]): Promise<void> {
  if (by === 'full-disk') await copy.fullDisk(victims, true)
  else await copy.signal(victims, by === 'halt' ? 'STOP' : 'KILL', `break a copy of ${copy.name}: ${told}`)
}

/** The moment at which it was over. */
async function takeBack({by}: RunningFault, copy: ServerCopy, victims: readonly CopyProcess[]): Promise<number> {
  if (by === 'full-disk') await copy.fullDisk(victims, false)
  else await copy.signal(victims, 'CONT', `let a copy of ${copy.name} go on`)
  return performance.now()
}

// A fault that nobody saw proves something only when it was there.
async function withoutEffect(
  {by}: RunningFault,
  copy: ServerCopy,
  victims: readonly CopyProcess[],
): Promise<string | undefined> {
  if (by === 'full-disk') return undefined
  const now = await copy.processes()
  const same = now.filter(({pid}) => victims.some(victim => victim.pid === pid))
  if (by === 'kill') return same.length === 0 ? undefined : `${same.length} processes outlived SIGKILL`
  return same.length > 0 && same.every(({stopped}) => stopped) ? undefined : 'its processes did not stand still'
}

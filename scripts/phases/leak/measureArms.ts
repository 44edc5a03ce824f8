// Visits two copies of a server in rounds, and measures their memory after each, until it is decided or the time is up.
import {setTimeout as pause} from 'node:timers/promises'
import type {ServerCopy} from '../../lib/cutover/startCopy.ts'
import {lastEnd} from '../../lib/target/lastEnd.ts'
import type {ProgramStatus} from '../../lib/target/target.ts'
import type {PhaseContext} from '../phase.ts'
import {estimatesOf, sideOf} from './estimates.ts'
import type {LeakSeen, Memory, Round} from './leakSeen.ts'
import {visit} from './visits.ts'

/** Visits in a round. Live memory shows a leak soon; resident memory holds garbage, so that it takes more. */
const visitsInRound = {live: 20, resident: 100}
/** The first rounds fill caches and compile what is called; they are thrown away. */
const warmUpRounds = 2
/** The interval of as many is seldom too wide to decide. */
const roundsThatSuffice = 9
const restMs = 50
// An end is seen a moment before its supervisor has written down how it came.
const writtenDownWithinMs = 1000
// What grows so fast is known well enough, and must not take the machine's memory.
const growthThatSuffices = 256 * 1024 * 1024

export interface Arms {
  abandoned: ServerCopy
  terminated: ServerCopy
}

export async function measureArms(
  arms: Arms,
  kind: LeakSeen['visit'],
  {limitBytes, budgetMs}: {limitBytes: number; budgetMs: number},
  context: Pick<PhaseContext, 'secrets' | 'signal'>,
): Promise<LeakSeen> {
  const seen: LeakSeen = {visit: kind, rounds: [], failed: 0, ended: undefined}
  const beganAt = performance.now()
  let visits = 0
  const before = await statusesOf(arms)
  const look = await Promise.all([memoryOf(arms.abandoned), memoryOf(arms.terminated)])
  const tells = look.every(arm => arm.tells)
  const count = tells ? visitsInRound.live : visitsInRound.resident
  for (let round = 0; ; round += 1) {
    context.signal.throwIfAborted()
    const failed = await Promise.all([
      visit(arms.abandoned, {kind, count, abandoned: true}, context),
      visit(arms.terminated, {kind, count, abandoned: false}, context),
    ])
    await pause(restMs, undefined, {signal: context.signal})
    const [abandoned, terminated] = (await Promise.all(look.map(arm => arm.measure()))) as [Memory, Memory]
    if (round < warmUpRounds) continue
    visits += count
    seen.failed += failed[0] + failed[1]
    seen.rounds.push({visits, abandoned, terminated})
    seen.ended = reasonToEnd(seen, limitBytes) ?? timeIsUp(seen.rounds.length, performance.now() - beganAt, budgetMs)
    if (seen.ended !== undefined) return {...seen, fell: await whatFell(before, arms)}
  }
}

// On a busy machine few rounds fit into the time, and few prove little.
function timeIsUp(rounds: number, tookMs: number, budgetMs: number): string | undefined {
  const allowedMs = rounds < roundsThatSuffice ? budgetMs * 2 : budgetMs
  return tookMs > allowedMs ? 'the time was up' : undefined
}

function reasonToEnd({rounds, failed}: LeakSeen, limitBytes: number): string | undefined {
  const [first, last] = [rounds[0], rounds.at(-1)] as [Round, Round]
  if (failed * 10 > last.visits) return `${failed} visits did not come off`
  const estimates = estimatesOf({rounds})
  const sides = [sideOf(estimates.abandoned, limitBytes), sideOf(estimates.terminated, limitBytes)]
  if (sides.every(side => side !== 'undecided')) return 'it was decided'
  const grown = last.abandoned.resident - first.abandoned.resident
  return grown > growthThatSuffices ? `it had grown by ${Math.round(grown / 1024 / 1024)} MB` : undefined
}

function statusesOf({abandoned, terminated}: Arms) {
  return Promise.all([abandoned.status(), terminated.status()])
}

async function whatFell(before: Statuses, arms: Arms): Promise<string | undefined> {
  let after: Statuses = await statusesOf(arms)
  const index = after.findIndex((now, arm) => now?.identity !== before[arm]?.identity)
  if (index < 0) return undefined
  const deadlineAt = performance.now() + writtenDownWithinMs
  while (after[index]?.restarts === before[index]?.restarts && performance.now() < deadlineAt) {
    await pause(restMs)
    after = await statusesOf(arms)
  }
  const how = after[index]?.lastExit
  return `a copy had ended by itself${how === undefined ? '' : ` (${lastEnd(how)})`}`
}

type Statuses = readonly (ProgramStatus | undefined)[]

// How the memory of a copy is measured: what does not tell its live memory counts with all that it has resident.
async function memoryOf(copy: ServerCopy): Promise<{tells: boolean; measure: () => Promise<Memory>}> {
  const tells = (await copy.memory()).length > 0
  const silent = async (told: readonly {pid: number}[]) => {
    const others = (await copy.processes()).filter(
      ({pid, role}) => role !== 'supervisor' && !told.some(one => one.pid === pid),
    )
    return others.reduce((sum, {residentKilobytes}) => sum + residentKilobytes * 1024, 0)
  }
  const allTell = tells && (await silent(await copy.memory())) === 0
  const measure = async () => {
    const told = await copy.memory()
    const untold = allTell ? 0 : await silent(told)
    const live = told.reduce((sum, {liveBytes}) => sum + liveBytes, untold)
    const resident = told.reduce((sum, {residentBytes}) => sum + residentBytes, untold)
    return {live: tells ? live : undefined, resident}
  }
  return {tells, measure}
}

// What is live after a run that was to change it, and whether it was refused before it changed anything.
import {exitCode} from '../../lib/errors/exitCode.ts'
import type {Entry} from '../../lib/journal/entry.ts'
import {changeBegins, decisiveVerdict, entriesOf, fact} from '../../lib/journal/facts.ts'
import {purposeOf} from '../../lib/journal/finalState.ts'
import type {StepLine} from './stepLines.ts'
import {shortDigest} from './words.ts'

/** Value of the fact `live.before`, written by the preflight of a deploy. */
interface LiveBefore {
  release?: string
  url?: string
}

/** `24381e934bd1 (rolled back from 8c8360a554ac), healthy, http://127.0.0.1:8800`; undefined for a run that leaves live alone. */
export function liveLine(entries: readonly Entry[]): string | undefined {
  if (!['deploy', 'rollback', 'resume'].includes(purposeOf(entries))) return undefined
  const before = fact<LiveBefore>(entries, 'live.before')
  const events = entriesOf(entries, 'release').filter(({event}) => event === 'live' || event === 'rolled-back')
  const last = events.at(-1)
  const instance = fact<{name?: string; url?: string}>(entries, 'instance')
  const url = (instance?.name === 'live' ? instance.url : undefined) ?? before?.url
  if (last === undefined) return unchanged(entries, before)
  const back = last.event === 'rolled-back' ? `rolled back${last.detail === undefined ? '' : ` ${last.detail}`}` : 'new'
  const said = [`${shortDigest(last.release)} (${back})`, health(entries, last), url]
  return said.filter(part => part !== undefined).join(', ')
}

function unchanged(entries: readonly Entry[], before: LiveBefore | undefined): string | undefined {
  const rollback = fact<{from?: string; to?: string}>(entries, 'rollback')
  if (rollback !== undefined && rollback.to === undefined)
    return rollback.from === undefined ? 'nothing' : `nothing (rolled back from ${shortDigest(rollback.from)})`
  if (before === undefined || hasChanged(entries)) return undefined
  if (before.release === undefined) return 'nothing, as before'
  return [`${shortDigest(before.release)} (unchanged)`, before.url].filter(part => part !== undefined).join(', ')
}

// What was looked at after the last change says how it is.
function health(entries: readonly Entry[], last: Entry): string | undefined {
  const after = entries.slice(entries.indexOf(last))
  const by = last.type === 'release' && last.event === 'rolled-back' ? last.by : undefined
  // A rollback looks before it says that it is done.
  const looked = entriesOf(by === undefined ? after : entries, 'check').filter(
    check => ['health', 'reachability'].includes(check.phase) && (by === undefined || check.by === by),
  )
  if (looked.length === 0) return undefined
  return looked.every(check => ['pass', 'skip'].includes(decisiveVerdict(check))) ? 'healthy' : 'NOT HEALTHY'
}

// A rollback that goes on with what another run began says nothing before it; its exit code says that it could not finish.
function hasChanged(entries: readonly Entry[]): boolean {
  const facts = entriesOf(entries, 'fact').some(({name}) => name === changeBegins || name === 'rollback')
  return facts || entriesOf(entries, 'step').some(step => step.exitCode === exitCode.rollbackFailed)
}

/** Why a run that was to change live ended before it changed anything, in one line; undefined when it did not. */
export function refusalOf(entries: readonly Entry[], steps: readonly StepLine[]): string | undefined {
  const purpose = purposeOf(entries)
  if (!['deploy', 'rollback'].includes(purpose) || hasChanged(entries)) return undefined
  if (entriesOf(entries, 'release').some(({event}) => event === 'live' || event === 'rolled-back')) return undefined
  // What judges live before a deploy refuses it; a rollback that only looks at live judges it.
  const refusing = purpose === 'deploy' ? ['error', 'fail', 'inconclusive'] : ['error']
  const refused = steps.find(
    ({state, verdict, cancelled}) => state === 'finished' && refusing.includes(verdict ?? '') && !cancelled,
  )
  if (refused === undefined) return undefined
  const bad = entriesOf(entries, 'check').find(
    check => check.by === refused.name && decisiveVerdict(check) === refused.verdict,
  )
  return refused.detail?.split('\n')[0] ?? (bad === undefined ? undefined : `${bad.check}: ${bad.detail}`)
}

// Every step of a run, planned or not, with how it ended: also the killed ones and those that never began.

import type {Verdict} from '../../lib/errors/verdict.ts'
import type {Entry, EntryOf} from '../../lib/journal/entry.ts'
import {entriesOf, stepEnds} from '../../lib/journal/facts.ts'
import {millisecondsBetween, type RunOutline} from './runOutline.ts'

export interface StepLine {
  name: string
  /** `killed`: began and has no end. `running` and `to come`: the report is written by a step of the same run. */
  state: 'finished' | 'killed' | 'never began' | 'running' | 'to come'
  /** Undefined while nothing can be said: the step runs, or is still to come. */
  verdict: Verdict | undefined
  /** Milliseconds from the start of the run; undefined when the step never began. */
  offsetMs: number | undefined
  /** For a killed step the time up to the newest entry of the journal. */
  ms: number | undefined
  detail: string | undefined
  exitCode: number | undefined
  cancelled: boolean
}

/**
 * Steps in planned order, then those that nobody planned (a rollback) in the order in which they began.
 * `during` names the step that is writing this report: its own missing end is no kill, and later steps are still to come.
 */
export function stepLines(entries: readonly Entry[], run: RunOutline, during?: string): StepLine[] {
  const ends = stepEnds(entries)
  const unplanned = [...ends.keys()].filter(name => !run.plannedSteps.includes(name))
  const names = [...run.plannedSteps, ...unplanned]
  const present = during === undefined ? names.length : names.indexOf(during)
  return names.map((name, index) => {
    const end = ends.get(name)
    if (end === undefined) return absent(name, index > present && present >= 0 ? 'to come' : 'never began')
    return begun(entries, run, end, name === during)
  })
}

function begun(entries: readonly Entry[], run: RunOutline, end: EntryOf<'step'>, writesThis: boolean): StepLine {
  const open = end.state === 'started'
  const start = entriesOf(entries, 'step').findLast(entry => entry.step === end.step && entry.state === 'started')
  const startedAt = start?.at ?? end.at
  return {
    name: end.step,
    state: open ? (writesThis ? 'running' : 'killed') : 'finished',
    verdict: open ? (writesThis ? undefined : 'error') : (end.verdict ?? 'error'),
    offsetMs: millisecondsBetween(run.startedAt, startedAt),
    ms: open ? millisecondsBetween(startedAt, run.endedAt) : (end.ms ?? millisecondsBetween(startedAt, end.at)),
    detail: end.detail,
    exitCode: end.exitCode,
    cancelled: end.cancelled ?? false,
  }
}

function absent(name: string, state: 'never began' | 'to come'): StepLine {
  const verdict = state === 'to come' ? undefined : 'skip'
  return {
    name,
    state,
    verdict,
    offsetMs: undefined,
    ms: undefined,
    detail: undefined,
    exitCode: undefined,
    cancelled: false,
  }
}

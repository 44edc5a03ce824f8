// How a run ended, apart from its report and from who was told: one outcome, and one sentence for people.
import {exitCode, exitCodeOf} from '../errors/exitCode.ts'
import type {Entry} from './entry.ts'
import {entriesOf, fact, stepEnds, verdictOf} from './facts.ts'
import type {Outcome} from './outcome.ts'
import {tellers} from './tellers.ts'

/** What a run is for. A rehearsal and a watch leave live alone. */
export type Purpose = 'deploy' | 'rollback' | 'resume' | 'watch' | 'rehearsal'

export interface FinalState {
  outcome: Outcome
  exitCode: number
  purpose: Purpose
  run: string
  fleet: string
  environment: string
  /** Of the release that the run was about; of the one that is back, when there is one. */
  release: string | undefined
  /** Begins in lower case, without a full stop; short enough for what GitHub shows of a deployment. */
  sentence: string
  /** Not when a watch found live well, or a resume nothing to do. */
  isNews: boolean
}

const codes: Readonly<Record<number, Outcome>> = {
  [exitCode.good]: 'good',
  [exitCode.bad]: 'failed',
  [exitCode.unjudged]: 'unjudged',
  [exitCode.rollbackFailed]: 'rollback-failed',
  [exitCode.cancelled]: 'cancelled',
}

/** Undefined for a journal without a run. */
export function finalState(all: readonly Entry[]): FinalState | undefined {
  const run = entriesOf(all, 'run').at(-1)
  if (run === undefined) return undefined
  const entries = withoutTellers(all)
  const code = codeOf(entries)
  const purpose = purposeOf(entries)
  const resumed = fact<Resumed>(entries, 'resumed')
  const broughtBack = (fact<{acts: number}>(entries, 'brought-back')?.acts ?? 0) > 0
  const outcome = outcomeOf(code, resumed)
  const releases = entriesOf(entries, 'release')
  const back = releases.findLast(({event}) => event === 'rolled-back')?.release
  const release = back ?? fact<{digest?: string}>(entries, 'release')?.digest ?? releases.at(-1)?.release
  const {fleet = 'the fleet', environment} = run
  const changed = releases.some(({event}) => event === 'live')
  const sentence = sentenceOf({code, outcome, purpose, back, changed, resumed, broughtBack})
  const isNews =
    outcome !== 'good' || (purpose !== 'watch' && (purpose !== 'resume' || resumed !== undefined || broughtBack))
  return {outcome, exitCode: code, purpose, run: run.run, fleet, environment, release, sentence, isNews}
}

// To undo what a killed run left is a good end of the resume, and a bad one of what that run was to do.
function outcomeOf(code: number, resumed: Resumed | undefined): Outcome {
  if (code === exitCode.good && ['deploy', 'restore'].includes(resumed?.purpose ?? '')) return 'failed'
  return codes[code] ?? 'unjudged'
}

/** The entries of a run but for the steps of tellers, of which one is not over when it asks. */
export function withoutTellers(entries: readonly Entry[]): Entry[] {
  return entries.filter(entry => entry.type !== 'step' || !tellers.includes(entry.step))
}

/** By the steps that were planned, so that it is known from the first entry on. */
export function purposeOf(entries: readonly Entry[]): Purpose {
  const run = entriesOf(entries, 'run')[0]
  const plans = (step: string) => run?.steps.includes(step) === true
  if (run?.pipeline === 'watch') return 'watch'
  if (plans('85-finish')) return 'deploy'
  if (plans('90-rollback')) return 'rollback'
  return plans('15-resume') ? 'resume' : 'rehearsal'
}

// The report is written last, so that it can tell who was told.
const last = '95-report'

function codeOf(entries: readonly Entry[]): number {
  const ends = [...stepEnds(entries).values()].filter(({step}) => step !== last)
  if (ends.some(end => end.exitCode === exitCode.rollbackFailed)) return exitCode.rollbackFailed
  if (ends.some(({cancelled}) => cancelled)) return exitCode.cancelled
  // A step that had nothing to judge, such as to resume, did what it was asked to.
  const judged = entriesOf(entries, 'check').length > 0
  const allGood = ends.length > 0 && ends.every(({verdict}) => verdict === 'pass')
  return !judged && allGood ? exitCode.good : exitCodeOf(verdictOf(entries, last))
}

/** The killed run that a resume put in order. */
interface Resumed {
  run: string
  purpose: 'deploy' | 'rollback' | 'finish' | 'restore' | 'restart' | 'start'
}

interface Ended {
  code: number
  resumed: Resumed | undefined
  outcome: Outcome
  purpose: Purpose
  back: string | undefined
  changed: boolean
  /** Something should have run and did not. */
  broughtBack: boolean
}

const good: Readonly<Record<Purpose, string>> = {
  deploy: 'deployed and verified',
  rollback: 'rolled back and verified',
  resume: 'nothing was left to put in order',
  watch: 'live is well',
  rehearsal: 'rehearsed: every check that decides passed',
}

const resumes: Readonly<Record<Resumed['purpose'], string>> = {
  deploy: 'the deploy was killed, and what was live before is live again',
  rollback: 'the rollback was killed, and has been finished',
  restore: 'the restore was killed, and what was live before is live again',
  restart: 'the restart was killed, and has been finished',
  start: 'the start was killed, and has been finished',
  finish: 'deployed and verified, though the run was killed before its end',
}

const ends = {failed: 'failed', unjudged: 'could not be judged', cancelled: 'was cancelled'} as const

function sentenceOf({code, outcome, purpose, back, changed, resumed, broughtBack}: Ended): string {
  if (resumed !== undefined && code === exitCode.good) return `${resumes[resumed.purpose]} (run ${resumed.run})`
  if (outcome === 'good') return broughtBack ? 'what did not run was brought back' : good[purpose]
  if (outcome === 'rollback-failed') return 'the rollback could not finish: a person is needed, every copy is kept'
  if (purpose === 'watch' && outcome === 'failed') return 'live is not well'
  const what = `the ${purpose} ${ends[outcome]}`
  if (purpose !== 'deploy') return what
  if (back !== undefined) return `${what}, and ${back.slice(0, 12)} was put back`
  return changed ? `${what} after it had changed live: see what is live` : what
}

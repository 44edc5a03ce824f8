// Everything that a report may say, derived once from the journal; every form renders this and derives nothing itself.

import type {Verdict} from '../../lib/errors/verdict.ts'
import type {Entry, EntryOf} from '../../lib/journal/entry.ts'
import {entriesOf} from '../../lib/journal/facts.ts'
import {type AcceptBlock, acceptBlock} from './acceptBlock.ts'
import {type Conclusion, conclusionOf} from './conclusion.ts'
import {type ContractChanges, contractChanges} from './contractChanges.ts'
import {findingsOf, type ReportFinding} from './findings.ts'
import {type Issue, issuesOf} from './issues.ts'
import {liveLine, refusalOf} from './liveLine.ts'
import {type NotProved, notProved} from './notProved.ts'
import {recommendationsOf} from './recommendations.ts'
import {type PhaseSummary, phaseSummaries, type ReportCheck, reportChecks, type Tally, tallyOf} from './reportChecks.ts'
import {type RunFacts, runFacts} from './runFacts.ts'
import {type RunOutline, runOutline} from './runOutline.ts'
import {runExitCode, runVerdict} from './runVerdict.ts'
import {type StepLine, stepLines} from './stepLines.ts'

export interface ReportModel {
  run: RunOutline
  facts: RunFacts
  verdict: Verdict
  exitCode: number
  conclusion: Conclusion
  /** What is live after it, of a run that was to change it. */
  live: string | undefined
  /** Why a run that was to change live changed nothing. */
  refusal: string | undefined
  steps: StepLine[]
  /** Every server that the run knew of, checked or not. */
  servers: string[]
  phases: PhaseSummary[]
  checks: ReportCheck[]
  tally: Tally
  /** Checks that have both a number and a number to hold it against. */
  measured: (ReportCheck & {value: number; limit: number})[]
  accepted: ReportCheck[]
  issues: Issue[]
  /** What would accept the failures of this run, where any may be accepted. */
  acceptBlock: AcceptBlock | undefined
  /** For a person to judge; they decide nothing. */
  findings: ReportFinding[]
  notProved: NotProved[]
  contracts: ContractChanges
  recommendations: string[]
  commands: EntryOf<'command'>[]
  releaseEvents: EntryOf<'release'>[]
  backups: EntryOf<'backup'>[]
  allFacts: EntryOf<'fact'>[]
}

/** `during` names the step that writes the report while the run goes on; without it the journal counts as ended. */
export function reportModel(entries: readonly Entry[], during?: string): ReportModel {
  const run = runOutline(entries)
  const facts = runFacts(entries)
  const steps = stepLines(entries, run, during)
  const checks = reportChecks(entries)
  const servers = serversOf(facts, checks)
  const tally = tallyOf(checks)
  const verdict = runVerdict(steps, checks)
  const issues = issuesOf(steps, checks)
  const conclusion = conclusionOf(verdict, tally, steps, issues)
  const accepted = checks.filter(check => check.shown === 'accepted')
  const unproved = notProved(facts, steps, checks, servers)
  return {
    run,
    facts,
    verdict,
    exitCode: runExitCode(verdict, steps),
    conclusion,
    live: liveLine(entries),
    refusal: refusalOf(entries, steps),
    steps,
    servers,
    phases: phaseSummaries(checks),
    checks,
    tally,
    measured: checks.filter(isMeasured),
    accepted,
    issues,
    acceptBlock: acceptBlock(checks, run.endedAt),
    findings: findingsOf(checks),
    notProved: unproved,
    contracts: contractChanges(entries),
    recommendations: recommendationsOf(conclusion, issues, accepted, unproved),
    commands: entriesOf(entries, 'command'),
    releaseEvents: entriesOf(entries, 'release'),
    backups: entriesOf(entries, 'backup'),
    allFacts: entriesOf(entries, 'fact'),
  }
}

function serversOf(facts: RunFacts, checks: readonly ReportCheck[]): string[] {
  const released = facts.release?.servers.map(server => server.name) ?? []
  const running = facts.instance?.servers.map(server => server.name) ?? []
  return [...new Set([...released, ...running, ...checks.flatMap(check => check.server ?? [])])]
}

function isMeasured(check: ReportCheck): check is ReportCheck & {value: number; limit: number} {
  return typeof check.value === 'number' && typeof check.limit === 'number'
}

// What a reader must not conclude from a run: what nobody looked at, and why.
import type {ReportCheck} from './reportChecks.ts'
import type {RunFacts} from './runFacts.ts'
import type {StepLine} from './stepLines.ts'
import {listed} from './words.ts'

export interface NotProved {
  what: string
  why: string
}

/** Said by the steps themselves, then derived: skipped checks, servers without a check, steps that were skipped or never began. */
export function notProved(
  facts: RunFacts,
  steps: readonly StepLine[],
  checks: readonly ReportCheck[],
  servers: readonly string[],
): NotProved[] {
  const all = [
    facts.unproved,
    skipped(checks),
    unseen(checks, servers),
    skippedSteps(steps),
    neverBegan(steps),
    live(facts),
  ]
  // A phase says the same for each of its servers; the reader needs it once.
  return [...new Map(all.flat().map(item => [`${item.what}\n${item.why}`, item])).values()]
}

function skipped(checks: readonly ReportCheck[]): NotProved[] {
  const groups = Map.groupBy(
    checks.filter(check => check.shown === 'skip'),
    check => `${check.check}\n${check.detail}`,
  )
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    const servers = [first, ...rest].flatMap(check => check.server ?? [])
    const where = servers.length === 0 ? '' : ` on ${listed(servers)}`
    return [{what: `${first.check}${where}`, why: first.detail}]
  })
}

function unseen(checks: readonly ReportCheck[], servers: readonly string[]): NotProved[] {
  const looked = new Set(checks.filter(check => check.shown !== 'skip').flatMap(check => check.server ?? []))
  const missing = servers.filter(server => !looked.has(server))
  if (missing.length === 0) return []
  return [{what: `anything about ${listed(missing)}`, why: 'no check looked at it in this run'}]
}

function skippedSteps(steps: readonly StepLine[]): NotProved[] {
  const skips = steps.filter(step => step.state === 'finished' && step.verdict === 'skip')
  return skips.map(({name, detail}) => ({what: `what ${name} would have shown`, why: detail ?? 'it was skipped'}))
}

function neverBegan(steps: readonly StepLine[]): NotProved[] {
  const names = steps.filter(step => step.state === 'never began').map(step => step.name)
  if (names.length === 0) return []
  return [{what: `what ${listed(names)} would have shown`, why: 'the run ended before'}]
}

function live(facts: RunFacts): NotProved[] {
  if (facts.fingerprints !== 'unknown') return []
  return [{what: 'that live is unchanged', why: 'its fingerprint was taken before the rehearsal and not after it'}]
}

// Judges what the official suite found: that it ran, and each scenario by itself, so that one may be accepted alone.
import type {Era} from '../../lib/mcp/protocol.ts'
import type {Check} from '../phase.ts'
import {needFixtures, whyNotCounted} from './scenarios.ts'
import type {SuiteCheck, SuiteSeen} from './suite.ts'

interface Counted extends SuiteCheck {
  era: Era
  /** Why it does not count here. */
  ignored?: string
}

/** Pure. Scenarios of both eras with the same name are one check. */
export function judgeSuite(seen: SuiteSeen): Check[] {
  const found = new Map<string, Counted[]>()
  for (const {era, scenario, checks} of seen.results) {
    const capabilities = seen.eras.find(one => one.era === era)?.capabilities ?? {}
    const counted = checks.map(check => ({...check, era, ignored: whyNotCounted(check, capabilities)}))
    found.set(scenario, [...(found.get(scenario) ?? []), ...counted])
  }
  const scenarios = [...found].map(([scenario, checks]) => judgeScenario(scenario, checks))
  return [judgeRun(seen, scenarios.filter(({verdict}) => verdict === 'fail').length), ...scenarios]
}

function judgeRun({eras, results, fault}: SuiteSeen, failed: number): Check {
  const name = 'conformance'
  const wanted = eras.flatMap(({era, chosen}) => chosen.run.map(scenario => ({era, scenario})))
  const missing = wanted.filter(one => !results.some(({era, scenario}) => era === one.era && scenario === one.scenario))
  const left = eras.flatMap(({era, chosen}) =>
    chosen.left.map(({scenario, why}) => `${era} ${scenario}: not applicable, ${why}`),
  )
  const evidence = [
    ...results.map(({era, scenario, checks}) => `${era} ${scenario}: ${counts(checks)}`),
    ...left,
    `not applicable, since they need fixture tools: ${needFixtures.join(', ')}`,
  ].join('\n')
  const numbers = {value: results.length, limit: wanted.length, unit: 'scenarios', evidence}
  const remedy = 'run it again; where it stays so, see docs/checks.md'
  if (fault !== undefined) return {name, verdict: 'error', detail: fault, remedy, ...numbers}
  if (missing.length > 0) {
    const named = missing.map(({era, scenario}) => `${era} ${scenario}`).join(', ')
    return {name, verdict: 'error', detail: `the official suite gave no result of ${named}`, remedy, ...numbers}
  }
  const runs = eras.map(({era, chosen}) => `${chosen.run.length} in the ${era} era`).join(' and ')
  const detail = `the official suite ran, ${runs}; ${failed === 0 ? 'no scenario failed' : `${failed} of them failed`}`
  return {name, verdict: 'pass', detail, ...numbers}
}

function judgeScenario(scenario: string, checks: readonly Counted[]): Check {
  const name = `conformance-${scenario}`
  const counting = checks.filter(({ignored}) => ignored === undefined)
  const failed = counting.filter(({status}) => status === 'FAILURE')
  const late = failed.filter(({id}) => id === 'scenario-timeout')
  const succeeded = counting.filter(({status}) => status === 'SUCCESS')
  const evidence = checks
    .filter(({status}) => status !== 'SUCCESS' && status !== 'INFO')
    .map(
      ({era, status, id, error, ignored}) =>
        `${era} ${id}: ${ignored ? `not counted, ${ignored}` : status}${error ? `, ${error}` : ''}`,
    )
    .join('\n')
  const check = {name, evidence: evidence || undefined, value: failed.length, limit: 0, unit: 'failed checks'}
  const [first] = failed
  if (failed.length > late.length && first !== undefined) {
    const remedy =
      'the id names the requirement: see the specification, and the suite of modelcontextprotocol/conformance'
    const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''
    return {...check, verdict: 'fail', detail: `${first.era} ${first.id}: ${first.error ?? 'failed'}${more}`, remedy}
  }
  if (late.length > 0) return {...check, verdict: 'inconclusive', detail: 'it did not end in time'}
  // Whatever else it says: what succeeded in nothing has shown nothing.
  if (succeeded.length === 0) return {...check, verdict: 'skip', detail: 'nothing of it applies to this server'}
  const findings = counting
    .filter(({status}) => status === 'WARNING')
    .map(({era, id, error}) => ({severity: 'Low' as const, place: `${era} ${scenario}`, text: `${id}: ${error ?? ''}`}))
  const detail = `${succeeded.length} checks of the official suite hold (${[...new Set(checks.map(({era}) => era))].join(' and ')})`
  return {...check, verdict: 'pass', detail, findings: findings.length > 0 ? findings : undefined}
}

function counts(checks: readonly SuiteCheck[]): string {
  const by = Object.entries(Object.groupBy(checks, ({status}) => status))
  return by.map(([status, list = []]) => `${list.length} ${status}`).join(', ')
}

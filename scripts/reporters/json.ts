// The run as one object for other programs. `format` is raised when the meaning of a key changes; keys are only ever added.
import type {Entry} from '../lib/journal/entry.ts'
import type {Issue} from './model/issues.ts'
import type {ReportCheck} from './model/reportChecks.ts'
import type {Reporter, ReportOptions} from './model/reporter.ts'
import {type ReportModel, reportModel} from './model/reportModel.ts'

/** Version of the object. */
const jsonFormat = 1

/**
 * One JSON object, indented, ending in a newline: `format`, `run`, `verdict`, `exitCode`, `ready`, `reasons`, `tally`,
 * `steps`, `servers`, `phases`, `checks`, `issues`, `acceptBlock`, `findings`, `accepted`, `notProved`, `recommendations`, `release`, `plan`, `contracts`,
 * `instance`, `environment`, `liveUnchanged`, `releaseEvents`, `backups`. Times are ISO 8601 in UTC or milliseconds; what
 * the journal does not say is null.
 */
export function renderJson(entries: readonly Entry[], options: Pick<ReportOptions, 'during'> = {}): string {
  // Undefined would drop the key; a reader should find every key every time.
  const replaced = JSON.stringify(object(reportModel(entries, options.during)), (_key, value) => value ?? null, 2)
  return `${replaced}\n`
}

function object(model: ReportModel) {
  return {
    format: jsonFormat,
    run: model.run,
    verdict: model.verdict,
    exitCode: model.exitCode,
    ready: model.conclusion.ready,
    reasons: model.conclusion.reasons,
    tally: model.tally,
    steps: model.steps,
    servers: model.servers,
    phases: model.phases.map(({name, verdict, tally, servers}) => ({name, verdict, tally, servers})),
    checks: model.checks.map(checkObject),
    issues: model.issues.map(issueObject),
    acceptBlock: model.acceptBlock?.yaml,
    findings: model.findings,
    accepted: model.accepted.map(checkObject),
    notProved: model.notProved,
    recommendations: model.recommendations,
    release: model.facts.release,
    plan: model.facts.plan,
    contracts: model.contracts,
    instance: model.facts.instance,
    environment: model.facts.environment,
    liveUnchanged: {none: null, unknown: null, equal: true, different: false}[model.facts.fingerprints],
    releaseEvents: model.releaseEvents.map(({at, release, event, detail}) => ({at, release, event, detail})),
    backups: model.backups.map(({at, event, path, sha256, bytes}) => ({at, event, path, sha256, bytes})),
  }
}

function checkObject(check: ReportCheck) {
  const {at, phase, check: id, server, verdict, accepted, detail, value, limit, unit, remedy, evidence, ms} = check
  return {at, phase, check: id, server, verdict, accepted, detail, value, limit, unit, remedy, evidence, ms}
}

function issueObject({severity, place, detail, resolution}: Issue) {
  return {severity, place, detail, resolution}
}

export const json: Reporter = {name: 'json', fileName: 'report.json', render: renderJson}

// Tables of a Markdown report about the run itself: steps, versions, machine, plan.

import type {ReportModel} from '../model/reportModel.ts'
import {dateTime, duration, listed, shortDigest, signs} from '../model/words.ts'
import {code, inline, table} from './markdownText.ts'

export function stepTable({steps}: ReportModel): string {
  if (steps.length === 0) return 'No step was recorded.'
  const rows = steps.map(step => [
    code(step.name),
    step.verdict === undefined || step.state === 'never began' ? step.state : `${signs[step.verdict]} ${step.verdict}`,
    step.ms === undefined ? '' : duration(step.ms),
    inline(step.state === 'killed' ? 'began and never ended: it was killed' : (step.detail ?? '')),
  ])
  return table(['Step', 'Verdict', 'Time', 'Detail'], rows)
}

/** Seaworthy, Node, the tools of the machine, and every server of the release with its package and digest. */
export function versionTable({run, facts}: ReportModel): string {
  const tools = Object.entries(facts.environment?.tools ?? {})
  const servers = facts.release?.servers ?? []
  const rows = [
    ['Seaworthy', inline(run.seaworthyVersion ?? 'unknown'), ''],
    ['Node', inline(run.node ?? 'unknown'), ''],
    ...tools.map(([name, version]) => [inline(name), inline(version), '']),
    ...servers.map(server => [
      `server ${code(server.name)}`,
      inline([server.package, server.version].filter(Boolean).join(' ') || 'unknown'),
      code(shortDigest(server.digest ?? '')),
    ]),
  ]
  return table(['What', 'Version', 'Digest'], rows)
}

export function environmentTable({run, facts}: ReportModel): string {
  const {environment, instance, release} = facts
  const machine = [
    environment?.os ?? run.platform,
    environment?.cpus === undefined ? undefined : `${environment.cpus} CPUs`,
    environment?.memoryMB === undefined ? undefined : `${environment.memoryMB} MB memory`,
  ]
  const rows = [
    ['Environment', code(run.environment ?? 'unknown')],
    ['Target', code(environment?.target ?? 'unknown')],
    [
      'Instance',
      instance ? [code(instance.name), instance.url ? code(instance.url) : ''].join(' ').trim() : 'none was started',
    ],
    ['Release', release ? code(release.digest) : 'none was built'],
    ['Runtime of the servers', inline(release?.runtime ?? 'unknown')],
    ['Fleet file', code(run.fleet ?? 'unknown')],
    ['Host', code(run.host ?? 'unknown')],
    ['Machine', inline(machine.filter(Boolean).join(', ') || 'unknown')],
    ['Live', liveText[facts.fingerprints]],
  ]
  return table(['What', 'Value'], rows)
}

/** What the run says about live, by its fingerprints. */
export const liveText: Readonly<Record<ReportModel['facts']['fingerprints'], string>> = {
  none: 'no fingerprint was taken',
  equal: 'unchanged: its fingerprint was the same before and after',
  different: 'CHANGED: its fingerprint was not the same before and after',
  unknown: 'not proved unchanged: there is no fingerprint from after the rehearsal',
}

export function planText({facts}: ReportModel): string {
  if (facts.plan === undefined) return 'No plan was made.'
  const changes = facts.plan.changes.filter(change => change.change !== 'none')
  const rows = changes.map(change => [
    code(change.server),
    inline(change.change),
    inline([change.from, change.to].filter(Boolean).join(' → ')),
    inline(change.detail ?? ''),
  ])
  const same = facts.plan.changes.filter(change => change.change === 'none').map(change => code(change.server))
  return [
    inline(facts.plan.summary),
    ...(rows.length > 0 ? [table(['Server', 'Change', 'From → to', 'Detail'], rows)] : []),
    ...(same.length > 0 ? [`Unchanged: ${listed(same)}.`] : []),
  ].join('\n\n')
}

/** Start, end and length of the run in one line. */
export function timeText({run}: ReportModel): string {
  if (run.startedAt === undefined) return 'the journal is empty'
  const resumed = run.resumed > 0 ? `, resumed ${run.resumed === 1 ? 'once' : `${run.resumed} times`}` : ''
  return `${dateTime(run.startedAt)} to ${dateTime(run.endedAt ?? run.startedAt)} (${duration(run.elapsedMs)}${resumed})`
}

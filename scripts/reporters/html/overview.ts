// Sections of the HTML report that show the whole at a glance: key facts, servers × phases, the steps over time.
import {liveText} from '../markdown/runTables.ts'
import {type Markup, markup} from '../model/markup.ts'
import {cellShown, type PhaseSummary, tallyOf} from '../model/reportChecks.ts'
import type {ReportModel} from '../model/reportModel.ts'
import type {StepLine} from '../model/stepLines.ts'
import {duration, shortDigest} from '../model/words.ts'
import {none, percent, section, serverName, verdictWord} from './parts.ts'

export function runSection({run, facts}: ReportModel): Markup {
  const {environment, instance, release} = facts
  const machine = [
    environment?.os ?? run.platform,
    environment?.cpus && `${environment.cpus} CPUs`,
    environment?.memoryMB && `${environment.memoryMB} MB`,
  ]
  const pairs: [string, string | undefined][] = [
    ['Run', run.id],
    ['Release', release && [release.version, shortDigest(release.digest)].filter(Boolean).join(' · ')],
    ['Instance', instance?.name],
    ['Reached at', instance?.url],
    ['Target', environment?.target],
    ['Fleet file', run.fleet],
    ['Live', liveText[facts.fingerprints]],
    ['Seaworthy', run.seaworthyVersion],
    ['Node', run.node],
    ['Host', run.host],
    ['Machine', machine.filter(Boolean).join(', ') || undefined],
    ['Taken up again', run.resumed > 0 ? `${run.resumed} times` : undefined],
  ]
  const items = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`],
  )
  return section('run', 'Run', '', markup`<dl class="facts">${items}</dl>`)
}

export function matrixSection(model: ReportModel): Markup {
  const {servers, phases, checks} = model
  if (phases.length === 0) return section('matrix', 'Servers × phases', '', none('Nothing was checked.'))
  const lines = [...servers, ...(checks.some(check => check.server === undefined) ? [undefined] : [])]
  const rows = lines.map(
    server =>
      markup`<tr><th scope="row">${serverName(server)}</th>${phases.map((phase, index) => matrixCell(phase, index, server))}</tr>\n`,
  )
  const heads = phases.map((phase, index) => markup`<th scope="col"><a href="#phase-${index}">${phase.name}</a></th>`)
  const table = markup`<div class="scroll" tabindex="0" role="region" aria-label="Servers and phases"><table class="matrix">
<thead><tr><th scope="col">Server</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`
  return section('matrix', 'Servers × phases', 'worst of the checks; passed of all', table)
}

function matrixCell(phase: PhaseSummary, index: number, server: string | undefined): Markup {
  const own = phase.checks.filter(check => check.server === server)
  const shown = cellShown(own)
  if (shown === undefined) return markup`<td class="soft"><span aria-hidden="true">·</span> not checked</td>`
  const {pass, all} = tallyOf(own)
  return markup`<td><a href="#phase-${index}">${verdictWord(shown)}</a> <span class="soft">${pass}/${all}</span></td>`
}

export function timelineSection({steps, run}: ReportModel): Markup {
  if (steps.length === 0) return section('steps', 'Steps', '', none('No step was recorded.'))
  const items = steps.map(step => stepItem(step, run.elapsedMs))
  return section('steps', 'Steps', `over ${duration(run.elapsedMs)}`, markup`<ol class="steps">${items}</ol>`)
}

function stepItem(step: StepLine, elapsedMs: number): Markup {
  const word = step.state === 'finished' ? step.verdict : step.state
  const detail = step.state === 'killed' ? 'Began and never ended: it was killed.' : step.detail
  const bar =
    step.offsetMs !== undefined &&
    markup`<i style="--from:${percent(step.offsetMs, elapsedMs)};--long:${percent(step.ms ?? 0, elapsedMs)}"></i>`
  return markup`<li class="${step.verdict ?? 'skip'} ${step.state === 'killed' && 'killed'}"><code>${step.name}</code>
<span class="track" aria-hidden="true">${bar}</span>${verdictWord(step.verdict ?? 'skip', word)}
<span class="time">${step.ms === undefined ? '' : duration(step.ms)}</span>${detail && markup`<p class="detail">${detail}</p>`}</li>
`
}

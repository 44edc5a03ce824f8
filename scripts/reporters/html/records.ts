// The back of the HTML report: plan, versions, commands and the facts of the journal as they were written.
import {type Markup, markup} from '../model/markup.ts'
import type {ReportModel} from '../model/reportModel.ts'
import {dateTime, duration, listed, shortDigest} from '../model/words.ts'
import {folded, none, section} from './parts.ts'

export function planSection({facts}: ReportModel): Markup {
  if (facts.plan === undefined) return section('plan', 'Plan', '', none('No plan was made.'))
  const changes = facts.plan.changes.filter(change => change.change !== 'none')
  const same = facts.plan.changes.filter(change => change.change === 'none').map(change => change.server)
  const items = changes.map(
    change =>
      markup`<li><p class="name"><b>${change.server}</b><span>${change.change}</span><span class="soft">${[change.from, change.to].filter(Boolean).join(' → ')}</span></p>${change.detail && markup`<p class="soft">${change.detail}</p>`}</li>\n`,
  )
  const unchanged = same.length > 0 && markup`<li class="soft">Unchanged: ${listed(same)}.</li>`
  return section('plan', 'Plan', facts.plan.summary, markup`<ul class="issues">${items}${unchanged}</ul>`)
}

export function versionSection({run, facts}: ReportModel): Markup {
  const rows = [
    ['Seaworthy', run.seaworthyVersion ?? 'unknown', ''],
    ['Node', run.node ?? 'unknown', ''],
    ...(facts.release?.runtime ? [['Runtime of the servers', facts.release.runtime, '']] : []),
    ...Object.entries(facts.environment?.tools ?? {}).map(([name, version]) => [name, version, '']),
    ...(facts.release?.servers ?? []).map(server => [
      `server ${server.name}`,
      [server.package, server.version].filter(Boolean).join(' '),
      server.digest ?? '',
    ]),
    ...(facts.release ? [['release', facts.release.version ?? '', facts.release.digest]] : []),
  ].map(
    ([what, version, digest]) =>
      markup`<tr><th scope="row">${what}</th><td>${version}</td><td><code>${digest}</code></td></tr>\n`,
  )
  const head = markup`<thead><tr><th scope="col">What</th><th scope="col">Version</th><th scope="col">Digest</th></tr></thead>`
  return section('versions', 'Versions', '', markup`<table class="stack">${head}<tbody>${rows}</tbody></table>`)
}

export function commandSection({commands}: ReportModel): Markup {
  // The intent is written before the result; the newest entry of an id says how far it came.
  const newest = [...new Map(commands.map(command => [command.id, command])).values()]
  if (newest.length === 0) return section('commands', 'Commands', '', none('No command was recorded.'))
  const items = newest.map(command => {
    const open = command.state === 'started'
    const end = open
      ? 'no end was recorded: in doubt'
      : `exit ${command.exitCode ?? 'unknown'}, ${duration(command.ms ?? 0)}`
    const kind = command.readOnly ? 'reads only' : 'changes'
    return markup`<li><p class="name"><span>${command.why}</span><span class="soft">${kind} · ${end}</span></p>
<p><code>${command.argv.map(quoted).join(' ')}</code></p>${command.output && folded('output', command.output)}</li>
`
  })
  return section('commands', 'Commands', `${newest.length}, in order`, markup`<ol class="issues">${items}</ol>`)
}

function quoted(argument: string): string {
  return /^[\w./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`
}

export function journalSection({allFacts, releaseEvents, backups}: ReportModel): Markup {
  const events = [
    ...releaseEvents.map(entry => ({
      at: entry.at,
      text: `release ${shortDigest(entry.release)} ${entry.event}${entry.detail ? `: ${entry.detail}` : ''}`,
    })),
    ...backups.map(entry => ({
      at: entry.at,
      text: `backup ${entry.path} ${entry.event}, ${entry.bytes} bytes, sha256 ${entry.sha256}`,
    })),
  ].toSorted((a, b) => a.at.localeCompare(b.at))
  const list = events.map(({at, text}) => markup`<li><span class="soft">${dateTime(at)}</span> ${text}</li>\n`)
  const facts = allFacts.map(entry =>
    folded(`${entry.name}${entry.by ? ` · ${entry.by}` : ''}`, JSON.stringify(entry.value, null, 2) ?? 'null'),
  )
  if (list.length + facts.length === 0) return section('journal', 'Journal', '', none('No fact was recorded.'))
  return section('journal', 'Journal', 'events and facts as written', markup`<ul class="issues">${list}</ul>${facts}`)
}

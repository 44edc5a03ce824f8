// What GitHub is told in words: the comment on contracts, release notes, and issues that ask for a person.
import type {Contact} from '../../lib/fleet/schema.ts'
import type {Entry} from '../../lib/journal/entry.ts'
import type {FinalState} from '../../lib/journal/finalState.ts'
import {contractTable} from '../markdown/contractTable.ts'
import {code, inline, table} from '../markdown/markdownText.ts'
import {reportModel} from '../model/reportModel.ts'
import {shortDigest} from '../model/words.ts'

export interface GitHubText {
  marker: string
  title: string
  body: string
}

type Named = Pick<FinalState, 'fleet' | 'environment' | 'run'>

/** `isChange` is false when there is nothing to say that is worth a first comment. */
export function contractComment(entries: readonly Entry[], state: Named): GitHubText & {isChange: boolean} {
  const model = reportModel(entries)
  const title = `Contracts of ${state.environment}`
  return {
    marker: marker('contracts', state),
    title,
    body: `### ${title}\n\n${callingNobody(contractTable(model))}\n\n${runLine(state)}`,
    isChange: model.contracts.changes.length > 0,
  }
}

/** Notes of a release that is live and verified from now on. */
export function releaseNotes(entries: readonly Entry[], state: FinalState): {tag: string; name: string; body: string} {
  const model = reportModel(entries)
  const digest = shortDigest(state.release ?? '')
  const changes = (model.facts.plan?.changes ?? []).map(({server, change, from, to}) => [
    code(server),
    inline(change),
    code(from ?? ''),
    code(to ?? ''),
  ])
  const servers = changes.length === 0 ? 'No server changed.' : table(['Server', 'Change', 'From', 'To'], changes)
  const body = ['## Servers', servers, '## Contracts', callingNobody(contractTable(model)), runLine(state)].join('\n\n')
  return {tag: `${state.environment}-${digest}`, name: `${state.environment} ${digest}`, body}
}

/** An issue for whoever is called at night. */
export function rollbackFailed(entries: readonly Entry[], state: FinalState, contacts: readonly Contact[]): GitHubText {
  const people =
    contacts.length === 0
      ? 'The fleet file names nobody under `contacts`.'
      : table(
          ['Who', 'When', 'How'],
          contacts.map(({name, role, reach}) => [inline(name), inline(role), inline(reach)]),
        )
  const commands = ['status', 'logs SERVER', 'rollback'].map(word => `- \`pnpm ${word}\``).join('\n')
  return {
    marker: marker('rollback-failed', state),
    title: `Rollback failed: ${state.environment} of ${state.fleet}`,
    body: [
      `The rollback of **${inline(state.environment)}** could not finish. Every copy is kept where it runs. A person is needed.`,
      people,
      issueLines(entries),
      `What to type, with \`--env ${state.environment}\`:\n\n${commands}`,
      runLine(state),
    ].join('\n\n'),
  }
}

/** An issue for as long as live is not well. */
export function notWell(entries: readonly Entry[], state: FinalState): GitHubText {
  return {
    marker: marker('not-well', state),
    title: `Not well: ${state.environment} of ${state.fleet}`,
    body: [`${sentence(state)}`, issueLines(entries), runLine(state)].join('\n\n'),
  }
}

/** The last word of that issue. */
export function wellAgain(state: FinalState): {marker: string; word: string} {
  return {marker: marker('not-well', state), word: `Well again. ${runLine(state)}`}
}

function marker(of: string, {fleet, environment}: Named): string {
  return `<!-- seaworthy:${of}:${fleet}:${environment} -->`
}

function runLine({run}: Named): string {
  return `Run ${code(run)}.`
}

function sentence(state: FinalState): string {
  return `${state.sentence.slice(0, 1).toUpperCase()}${inline(state.sentence.slice(1))}.`
}

const issuesAtMost = 20

function issueLines(entries: readonly Entry[]): string {
  const {issues} = reportModel(entries)
  const blocking = issues.filter(({severity}) => severity !== 'Low').slice(0, issuesAtMost)
  const lines = blocking.map(
    ({severity, place, detail, resolution}) =>
      `- ${severity}: ${code(place)}: ${inline(detail)} → ${inline(resolution)}`,
  )
  return callingNobody(lines.join('\n'))
}

// A server that says @somebody must not call them; in code GitHub reads no names.
function callingNobody(text: string): string {
  return text.replace(/`[^`\n]*`|@(?=[A-Za-z0-9])/g, found => (found === '@' ? '@\u200b' : found))
}

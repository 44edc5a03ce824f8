// The deployment checklist filled in from the checks of a run: ticked only where something was seen to be good.
import type {ReportCheck} from './reportChecks.ts'
import {count, listed} from './words.ts'

export interface ChecklistItem {
  text: string
  done: boolean
  /** What ticked it, or why it is open. */
  why: string
}

export interface ChecklistPart {
  heading: string
  items: ChecklistItem[]
}

const item = /^- \[ \] (.+) \((?:checked by (.+)|by a person)\)$/

/** `text` is templates/checklist.md or the user's own; lines of another form are not part of the list. */
export function checklistOf(text: string, checks: readonly ReportCheck[]): ChecklistPart[] {
  const parts: ChecklistPart[] = []
  for (const line of text.split('\n')) {
    const [, heading] = /^## (.+)$/.exec(line) ?? []
    if (heading !== undefined) parts.push({heading, items: []})
    const [, what, named] = item.exec(line) ?? []
    if (what !== undefined) parts.at(-1)?.items.push(filled(what, idsIn(named ?? ''), checks))
  }
  return parts.filter(({items}) => items.length > 0)
}

function filled(text: string, ids: readonly string[], checks: readonly ReportCheck[]): ChecklistItem {
  if (ids.length === 0) return {text, done: false, why: 'for a person to sign'}
  const open = ids.flatMap(id => whyOpen(id, checks) ?? [])
  return open.length > 0 ? {text, done: false, why: open.join('; ')} : {text, done: true, why: `passed: ${listed(ids)}`}
}

function idsIn(named: string): string[] {
  return [...named.matchAll(/`([\w-]+\/[\w-]+)`/g)].map(([, id = '']) => id)
}

/** Undefined when every check of that id passed, there was one, and none of them left anything to read. */
function whyOpen(id: string, checks: readonly ReportCheck[]): string | undefined {
  const own = checks.filter(check => check.check === id)
  if (own.length === 0) return `${id} was not made in this run`
  const bad = own.filter(check => check.shown !== 'pass')
  if (bad.length > 0)
    return [...Map.groupBy(bad, saidOf)].map(([said, same]) => `${id} ${said}${placesOf(same)}`).join('; ')
  const findings = own.flatMap(check => check.findings ?? [])
  return findings.length === 0 ? undefined : `${id} left ${count(findings.length, 'finding')} to read`
}

function saidOf({shown, accepted, detail}: ReportCheck): string {
  if (shown === 'accepted') return `failed and is accepted until ${accepted?.until}`
  if (shown === 'skip') return `was skipped (${detail})`
  return {fail: 'failed', error: 'could not be made', inconclusive: 'had too little evidence', pass: 'passed'}[shown]
}

function placesOf(checks: readonly ReportCheck[]): string {
  const servers = checks.flatMap(check => check.server ?? [])
  return servers.length === 0 ? '' : ` on ${listed(servers)}`
}

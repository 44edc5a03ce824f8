// Every report form by its name. To add one: its file, its import and its entry here, and its test.

import {UserError} from '../lib/errors/userError.ts'
import type {Entry} from '../lib/journal/entry.ts'
import {annotations} from './annotations.ts'
import {html} from './html.ts'
import {json} from './json.ts'
import {junit} from './junit.ts'
import {markdown} from './markdown.ts'
import type {Reporter, ReportOptions} from './model/reporter.ts'
import {terminalSummary} from './terminalSummary.ts'

export type {Reporter, ReportOptions} from './model/reporter.ts'

export const reporters: readonly Reporter[] = [markdown, html, junit, json, annotations, terminalSummary]

/** The reporter of that name. Throws a UserError that lists the known ones. */
export function reporterNamed(name: string): Reporter {
  const found = reporters.find(reporter => reporter.name === name)
  if (found) return found
  const known = reporters.map(reporter => reporter.name).join(', ')
  throw new UserError(`reporter: should be one of ${known}, got "${name}"`, `use one of ${known}`)
}

/** The files that a run leaves: every form that has a file name, rendered. */
export function reportFiles(entries: readonly Entry[], options: ReportOptions): {fileName: string; text: string}[] {
  return reporters.flatMap(({fileName, render}) =>
    fileName === null ? [] : [{fileName, text: render(entries, options)}],
  )
}

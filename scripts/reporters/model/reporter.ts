// The contract of a reporter, and all that can be said to one.
import type {Entry} from '../../lib/journal/entry.ts'

export interface ReportOptions {
  /** Text of `templates/report.md`, or of the user's own; only `markdown` reads it. */
  template: string
  /** Text of `templates/checklist.md`, or of the user's own; `markdown` and `html` show it filled in. */
  checklist?: string
  /** The step that writes the report while the run goes on. Leave out for a run that has ended. */
  during?: string
  /** Terminal colours; only `terminal` reads it. */
  colour?: boolean
  /** Where the written report is, and what to type next; only `terminal` reads them. */
  reportPath?: string
  next?: string
  /** Path of the fleet file from the top of the repository, and the line of each server in it; only `annotations`. */
  fleetFile?: string
  serverLines?: Readonly<Record<string, number>>
}

export interface Reporter {
  name: string
  /** Name of the written file; null for a form that is printed. */
  fileName: string | null
  /** Pure: the same entries and options give the same text. */
  render: (entries: readonly Entry[], options: ReportOptions) => string
}

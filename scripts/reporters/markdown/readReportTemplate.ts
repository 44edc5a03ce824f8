// Reads the text around the Markdown report: ours, or one that the user edits.
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {UserError} from '../../lib/errors/userError.ts'

const ours = fileURLToPath(new URL('../../../templates/report.md', import.meta.url))

/** Text of the template at `path`, or of `templates/report.md`. Throws a UserError when it cannot be read. */
export function readReportTemplate(path = ours): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError(`${path}: should be a report template, could not be read`, 'leave the path out to use ours', {
      cause,
    })
  }
}

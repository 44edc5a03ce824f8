// Renders a run's journal: within a run into its folder, by hand to the terminal in the form that --format names.
import {appendFileSync, readFileSync} from 'node:fs'
import {dirname, join, relative, resolve} from 'node:path'
import {readFlags} from './lib/cli/flags.ts'
import {nextCommand, runAgainCommand} from './lib/cli/nextCommand.ts'
import {program} from './lib/cli/program.ts'
import {hasColours} from './lib/cli/terminal.ts'
import {UserError} from './lib/errors/userError.ts'
import {writeAtomically} from './lib/files/writeAtomically.ts'
import {serverLines} from './lib/fleet/serverLines.ts'
import {entriesOf, verdictOf} from './lib/journal/facts.ts'
import {readJournal} from './lib/journal/readJournal.ts'
import {journalPath, listRuns} from './lib/journal/runFolder.ts'
import {journaledStep} from './lib/step/journaledStep.ts'
import {type ReportOptions, reporterNamed, reportFiles} from './reporters/index.ts'

const own = {format: {type: 'string'}} as const
const textOf = (name: string) => readFileSync(new URL(`../templates/${name}`, import.meta.url), 'utf8')
const template = textOf('report.md')
const checklist = textOf('checklist.md')

const given = (flag: string) => process.argv.some(word => word === flag || word.startsWith(`${flag}=`))
const byHand = !given('--run') || given('--format')
await (byHand ? program(printReport) : journaledStep({name: '95-report', flags: own}, writeReports))

async function printReport(): Promise<undefined> {
  const flags = readFlags(process.argv.slice(2), process.env, own)
  const folder = dirname(resolve(flags.fleetPath))
  const run = flags.run ?? newestJudged(folder)
  if (run === undefined) throw new UserError('there is no run yet', 'pnpm deploy:staging')
  const reporter = reporterNamed(String(flags.own.format ?? 'terminal'))
  const reportPath = relative(process.cwd(), join(folder, '.runs', run, 'report.html'))
  process.stdout.write(
    reporter.render(readJournal(journalPath(folder, run)), {
      template,
      checklist,
      colour: hasColours(process.stdout, process.env),
      reportPath,
    }),
  )
}

/** The newest run that came to a check, since one that was refused at once has nothing to tell; else the newest of all. */
function newestJudged(folder: string): string | undefined {
  const runs = listRuns(folder)
  return runs.slice(0, 50).find(run => entriesOf(readJournal(journalPath(folder, run)), 'check').length > 0) ?? runs[0]
}

async function writeReports({entries, runFolder, flags}: Parameters<Parameters<typeof journaledStep>[1]>[0]) {
  const seen = entries()
  const during = '95-report'
  const options: ReportOptions = {
    template,
    checklist,
    during,
    fleetFile: relative(process.cwd(), flags.fleetPath),
    serverLines: serverLines(flags.fleetPath),
  }
  for (const {fileName, text} of reportFiles(seen, options)) writeAtomically(join(runFolder, fileName), text)
  if (process.env.GITHUB_STEP_SUMMARY)
    appendFileSync(process.env.GITHUB_STEP_SUMMARY, reporterNamed('markdown').render(seen, options))
  if (process.env.GITHUB_ACTIONS && !flags.json)
    process.stdout.write(reporterNamed('annotations').render(seen, options))
  // Under --json nothing is printed but entries, which the steps before have printed.
  if (flags.json) return undefined
  const good = verdictOf(seen, during) === 'pass'
  process.stdout.write(
    reporterNamed('terminal').render(seen, {
      ...options,
      colour: hasColours(process.stdout, process.env),
      reportPath: relative(process.cwd(), join(runFolder, 'report.html')),
      next: good
        ? `${nextCommand('report', flags, '--format', 'markdown')}   (or open the page above)`
        : `Fix the problems above and run: ${runAgainCommand(flags)}`,
    }),
  )
  return undefined
}

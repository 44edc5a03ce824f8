// Runs `deploy:staging` on the sample fleet once and gives its time and journal; the run's folder goes when it is disposed.
import {rmSync} from 'node:fs'
import type {Entry} from '../../scripts/lib/journal/entry.ts'
import {readJournal} from '../../scripts/lib/journal/readJournal.ts'
import {journalPath, runFolder} from '../../scripts/lib/journal/runFolder.ts'
import {childEnvironment} from '../child/childEnvironment.ts'
import {inRepository, repository} from '../child/repository.ts'
import {runChild} from '../child/runChild.ts'

const deadlineMs = 300_000

export interface StagingRun extends Disposable {
  wallMs: number
  entries: Entry[]
}

/** `stateFolder` takes the environment's own folder, so that no release or lock of the user's is touched. */
export async function runStaging(
  stateFolder: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<StagingRun> {
  const {ms, exitCode, output} = await runChild({
    // As the command does: `--import` keeps compiled code.
    argv: [
      process.execPath,
      '--import',
      inRepository('scripts/lib/startup/warmStart.mjs'),
      inRepository('pipelines/run.ts'),
      'staging',
      '--env',
      'staging',
      ...words,
    ],
    folder: repository,
    environment: childEnvironment(process.env, {XDG_STATE_HOME: stateFolder}),
    what: 'deploy:staging',
    deadlineMs,
    signal,
  })
  const run = /\brun (\d{8}-\d{6}-staging-[0-9a-f]{4})\b/.exec(output)?.[1]
  if (run === undefined) throw new Error(`deploy:staging should name its run, got:\n${output.slice(-1000)}`)
  const remove = () => rmSync(runFolder(repository, run), {recursive: true, force: true})
  try {
    if (exitCode !== 0) throw new Error(`deploy:staging ended with exit code ${exitCode}:\n${output.slice(-2000)}`)
    return {wallMs: ms, entries: readJournal(journalPath(repository, run)), [Symbol.dispose]: remove}
  } catch (thrown) {
    remove()
    throw thrown
  }
}

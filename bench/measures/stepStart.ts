// How long a numbered step needs until it has said in the journal that it began.
import {copyFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {entriesOf} from '../../scripts/lib/journal/facts.ts'
import {readJournal} from '../../scripts/lib/journal/readJournal.ts'
import {journalPath, listRuns} from '../../scripts/lib/journal/runFolder.ts'
import {bareNode} from '../child/bareNode.ts'
import {childEnvironment} from '../child/childEnvironment.ts'
import {inRepository} from '../child/repository.ts'
import {runChild} from '../child/runChild.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import type {Measure} from '../measure.ts'

/** 70-health imports as much as any step. Nothing is live, so that it ends right after it began. */
export const stepStart: Measure = {
  name: 'step-start',
  title: 'node scripts/70-health.ts on the sample fleet, from before its process until its entry started',
  runs: 11,
  figures: [
    {name: 'step-start', title: 'start of a step, until its entry *started*', unit: 's', limit: {atMost: 0.35}},
  ],
  open: async signal => {
    const folder = temporaryFolder()
    copyFileSync(inRepository('fleet.yaml'), join(folder.path, 'fleet.yaml'))
    return {
      sample: async () => ({'step-start': (await startStep(folder.path, signal)) / 1000}),
      peers: [bareNode(['step-start'], folder.path, signal)],
      [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
    }
  },
}

async function startStep(folder: string, signal: AbortSignal): Promise<number> {
  const {startedAtMs, output} = await runChild({
    argv: [
      process.execPath,
      '--import',
      inRepository('scripts/lib/startup/warmStart.mjs'),
      inRepository('scripts/70-health.ts'),
      '--env',
      'staging',
    ],
    folder,
    environment: childEnvironment(process.env, {XDG_STATE_HOME: join(folder, 'state')}),
    what: '70-health',
    deadlineMs: 30_000,
    signal,
  })
  const [run] = listRuns(folder)
  if (run === undefined) throw new Error(`70-health should begin a run, said:\n${output}`)
  const started = entriesOf(readJournal(journalPath(folder, run)), 'step').find(({state}) => state === 'started')
  rmSync(join(folder, '.runs'), {recursive: true, force: true})
  if (started === undefined) throw new Error(`70-health should write that it started, said:\n${output}`)
  return Date.parse(started.at) - startedAtMs
}

// How fast 1 GB of state is backed up and restored compared with tar, and how much memory that takes.
import {globSync, mkdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {childEnvironment} from '../child/childEnvironment.ts'
import {inRepository} from '../child/repository.ts'
import {runChild} from '../child/runChild.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import type {Measure, Sample} from '../measure.ts'
import {backupEnvironment} from './backupEnvironment.ts'

const megabytes = 1000
const deadlineMs = 600_000

/** Ours copies, checks, compresses and verifies; tar compresses. Both restore the same archive, ours with its digests. */
export const backup: Measure = {
  name: 'backup',
  title: '50-backup on 1 GB of state, then a restore into an empty place; beside it tar -czf and tar -xzf',
  runs: 3,
  figures: [
    {name: 'backup', title: 'state backed up and read back', unit: 'MB/s', limit: {atLeast: 0, timesPeer: 0.9}},
    {name: 'restore', title: 'state restored and checked', unit: 'MB/s', limit: {atLeast: 0, timesPeer: 0.9}},
    {
      name: 'backup-memory',
      title: 'largest resident memory of backup or restore, on 1 GB',
      unit: 'MB',
      limit: {atMost: 200},
    },
  ],
  open: async signal => {
    const folder = temporaryFolder()
    const path = (...words: string[]) => join(folder.path, ...words)
    const {fleetPath, state} = await backupEnvironment(folder.path, megabytes)
    const peakFile = path('peak')
    const run = async (argv: [string, ...string[]], environment: Record<string, string> = {}) => {
      // What an earlier sample left to be written would slow this one.
      await runChild({argv: ['sync'], folder: folder.path, environment: {}, what: 'sync', deadlineMs, signal})
      const what = argv.join(' ')
      const variables = childEnvironment(process.env, environment)
      const {ms, exitCode, output} = await runChild({
        argv,
        folder: folder.path,
        environment: variables,
        what,
        deadlineMs,
        signal,
      })
      if (exitCode !== 0) throw new Error(`${what}: exit code ${exitCode}\n${output}`)
      return megabytes / (ms / 1000)
    }
    const measured = async (program: string, ...words: string[]) => {
      const preload = inRepository('bench/fleet/peakMemory.mjs')
      const argv: [string, ...string[]] = [process.execPath, '--import', preload, inRepository(program), ...words]
      return {speed: await run(argv, {PEAK_MEMORY_FILE: peakFile}), peak: Number(readFileSync(peakFile, 'utf8'))}
    }
    const emptied = (...words: string[]) => {
      rmSync(path(...words), {recursive: true, force: true})
      return path(...words)
    }
    const archives = () => globSync(path('backups/bench/staging/*.tar.gz'))
    const sample = async (): Promise<Sample> => {
      emptied('backups')
      const made = await measured('scripts/50-backup.ts', '--env', 'staging', '--fleet', fleetPath)
      const [archive = ''] = archives()
      const restored = await measured('bench/measures/backupRestore.ts', archive, emptied('restored'))
      emptied('restored')
      return {backup: made.speed, restore: restored.speed, 'backup-memory': Math.max(made.peak, restored.peak)}
    }
    const tar = async (): Promise<Sample> => {
      emptied('plain.tar.gz')
      const made = await run(['tar', '-czf', path('plain.tar.gz'), '-C', state, '.'])
      const [archive = ''] = archives()
      mkdirSync(emptied('restored'))
      const restored = await run(['tar', '-xzf', archive, '-C', path('restored')])
      emptied('restored')
      return {backup: made, restore: restored}
    }
    return {sample, peers: [{title: 'tar', sample: tar}], [Symbol.asyncDispose]: folder[Symbol.asyncDispose]}
  },
}

// The sample fleet live behind its ingress, as its own programs deploy it, to be changed and rolled back by them.

import {join} from 'node:path'
import {readIfThere} from '../../scripts/lib/files/ifThere.ts'
import {descriptionPath} from '../../scripts/lib/instance/savedInstance.ts'
import {listRuns} from '../../scripts/lib/journal/runFolder.ts'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {freePorts} from '../../scripts/lib/target/freePorts.ts'
import type {Instance} from '../../scripts/lib/target/instance.ts'
import {childEnvironment} from '../child/childEnvironment.ts'
import {inRepository} from '../child/repository.ts'
import {runChild} from '../child/runChild.ts'
import {stateFolder} from '../child/stateFolder.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import {type Edition, linkSample, writeSample} from './sampleFolder.ts'

export interface SampleLive extends AsyncDisposable {
  folder: string
  fleetPath: string
  /** Root folder of the environment. */
  root: string
  secrets: Record<string, string>
  /** What every program of ours sees. */
  environment: Record<string, string>
  /** Builds and plans an edition in a run of its own, which is given. */
  plan: (edition: Edition) => Promise<string>
  /** 60-deploy of a planned run: all servers change, and old instances that can drain keep running. */
  apply: (run: string) => Promise<void>
  /** 85-finish: the old instances stop and the release is verified. */
  finish: (run: string) => Promise<void>
  /** Any numbered program on this fleet. Rejects when it is not good. */
  step: (name: string, flags?: readonly string[]) => Promise<void>
  live: () => Instance
  /** Path of the script that puts a release back without Node. */
  rollbackScript: (release: string) => string
}

const deadlineMs = 120_000

/** Nothing is live yet. Disposing ends every program and removes every file. */
export async function sampleLive(signal: AbortSignal): Promise<SampleLive> {
  await using cleanUp = new AsyncDisposableStack()
  const {path: folder} = cleanUp.use(temporaryFolder())
  const state = cleanUp.use(stateFolder())
  const [port = 0] = await freePorts(1)
  linkSample(folder)
  const fleetPath = writeSample(folder, 'A', port)
  const secrets = {LLM_BRIDGE_API_KEY: 'of-the-bench-0123456789'}
  const environment = childEnvironment(process.env, {XDG_STATE_HOME: state.path, ...secrets})
  const root = join(state.path, 'seaworthy', 'sample', 'staging')
  const step = async (name: string, flags: readonly string[] = []) => {
    const {exitCode, output} = await runChild({
      argv: [
        process.execPath,
        '--import',
        inRepository('scripts/lib/startup/warmStart.mjs'),
        inRepository(`scripts/${name}.ts`),
        ...['--env', 'staging', '--fleet', fleetPath, ...flags],
      ],
      folder,
      environment,
      what: name,
      deadlineMs,
      signal,
    })
    if (exitCode !== 0) throw new Error(`${name}: exit code ${exitCode}\n${output.slice(-3000)}`)
  }
  const opened = cleanUp.move()
  return {
    folder,
    fleetPath,
    root,
    secrets,
    environment,
    step,
    plan: async edition => {
      writeSample(folder, edition, port)
      const known = new Set(listRuns(folder))
      await step('20-build')
      const run = listRuns(folder).find(name => !known.has(name))
      if (run === undefined) throw new Error('20-build should begin a run, but there is none')
      await step('40-plan', ['--run', run])
      return run
    },
    apply: run => step('60-deploy', ['--run', run, '--apply', '--override', 'it is measured, not shipped']),
    finish: async run => {
      await step('85-finish', ['--run', run])
      await step('99-cleanup', ['--run', run])
    },
    live: () => {
      const text = readIfThere(descriptionPath(join(root, 'instances', 'live')))
      if (text === undefined) throw new Error('the sample fleet should be live, but nothing is')
      return JSON.parse(text) as Instance
    },
    rollbackScript: release => join(root, 'releases', shortDigest(release), 'rollback.sh'),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

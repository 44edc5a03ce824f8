// How long a newcomer waits: clone, install with empty caches, build, rehearse, verify, report.
import {globSync} from 'node:fs'
import {join} from 'node:path'
import {childEnvironment} from '../child/childEnvironment.ts'
import {repository} from '../child/repository.ts'
import {runChild} from '../child/runChild.ts'
import {endSupervised, stateFolder} from '../child/stateFolder.ts'
import {temporaryFolder} from '../child/temporaryFolder.ts'
import type {Measure} from '../measure.ts'

const deadlineMs = 600_000

/** What is committed is cloned. The Node that is found is the machine's own, as a newcomer has it. */
export const freshClone: Measure = {
  name: 'fresh-clone',
  title: 'git clone, then npx -y pnpm@12 deploy:staging with empty caches, until the report is there',
  runs: 3,
  figures: [{name: 'fresh-clone', title: 'fresh clone to report, with empty caches', unit: 's', limit: {atMost: 90}}],
  open: async signal => ({
    sample: async () => ({'fresh-clone': (await cloneAndDeploy(signal)) / 1000}),
    [Symbol.asyncDispose]: async () => undefined,
  }),
}

async function cloneAndDeploy(signal: AbortSignal): Promise<number> {
  await using folder = temporaryFolder()
  const clone = join(folder.path, 'seaworthy')
  await using state = stateFolder()
  const common = {environment: newcomer(folder.path, state.path), deadlineMs, signal}
  const cloned = await runChild({
    ...common,
    argv: ['git', 'clone', '--quiet', '--no-hardlinks', repository, clone],
    folder: folder.path,
    what: 'git clone',
  })
  if (cloned.exitCode !== 0) throw new Error(`git clone: exit code ${cloned.exitCode}\n${cloned.output}`)
  const deployed = await runChild({
    ...common,
    argv: ['npx', '-y', 'pnpm@12', 'deploy:staging'],
    folder: clone,
    what: 'deploy:staging of a fresh clone',
  })
  if (deployed.exitCode !== 0)
    throw new Error(`deploy:staging of a fresh clone: exit code ${deployed.exitCode}\n${deployed.output.slice(-2000)}`)
  if (globSync('.runs/*/report.html', {cwd: clone}).length !== 1)
    throw new Error(`deploy:staging of a fresh clone wrote no report:\n${deployed.output.slice(-2000)}`)
  const left = endSupervised(state.path)
  if (left > 0) throw new Error(`deploy:staging of a fresh clone left ${left} programs running`)
  return cloned.ms + deployed.ms
}

// Nothing is found in a cache, and nothing is left in the user's.
function newcomer(folder: string, state: string): Record<string, string> {
  return childEnvironment(process.env, {
    XDG_STATE_HOME: state,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    npm_config_cache: join(folder, 'npm'),
  })
}

// Finds the package manager that a user has, or gets it for the time of a measure.
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {childEnvironment} from './childEnvironment.ts'
import {runChild} from './runChild.ts'

/** Path of `pnpm`: that of the user's PATH, or one that npm installs below `folder`. */
export async function findPnpm(folder: string, signal: AbortSignal): Promise<string> {
  const environment = childEnvironment(process.env, {})
  const found = (environment.PATH ?? '')
    .split(':')
    .map(path => join(path, 'pnpm'))
    .find(path => existsSync(path))
  if (found !== undefined) return found
  const {exitCode, output} = await runChild({
    argv: ['npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', 'pnpm@12'],
    folder,
    environment,
    what: 'npm install pnpm@12',
    deadlineMs: 120_000,
    signal,
  })
  if (exitCode !== 0) throw new Error(`pnpm is not on PATH and could not be installed:\n${output.slice(-1000)}`)
  return join(folder, 'node_modules', '.bin', 'pnpm')
}

// Whether the files that a program was started with are still there; it may have been started from the folder of an earlier release.
import {existsSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Instance} from '../target/instance.ts'

/** False: it may run, but cannot be started again once it ends. Paths outside of the folder of releases are not looked at. */
export function hasItsCode(argv: readonly string[], {releaseFolder}: Pick<Instance, 'releaseFolder'>): boolean {
  const releases = `${dirname(releaseFolder)}/`
  return argv.every(argument => !argument.startsWith(releases) || existsSync(argument))
}

/** Of the programs that run, those that a change may leave as they are. */
export function keepable(instance: Instance, running: ReadonlySet<string>): Set<string> {
  const stranded = instance.servers.filter(({argv}) => !hasItsCode(argv, instance)).map(({name}) => name)
  return new Set([...running].filter(name => !stranded.includes(name)))
}

// Keeps the description of an instance in its own folder, where any later step, run or person finds it.
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../userError.ts'
import {writeAtomically} from '../writeAtomically.ts'
import type {Instance} from './instance.ts'
import {instanceFolder} from './planInstance.ts'

export function saveInstance(instance: Instance): void {
  writeAtomically(join(instance.folder, 'instance.json'), `${JSON.stringify(instance, null, 1)}\n`)
}

/** Undefined when there is no instance of that name. */
export function readInstance(root: string, name: string): Instance | undefined {
  const path = join(instanceFolder(root, name), 'instance.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    // What cannot be read is still there: taking it for nothing would let a change begin on top of it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
  try {
    return JSON.parse(text) as Instance
  } catch (cause) {
    throw new UserError(
      `${path}: should describe an instance, is not JSON`,
      'stop its processes and remove the folder',
      {cause},
    )
  }
}

/** Names of all instances in an environment's root, described or not. */
export function instanceNames(root: string): string[] {
  try {
    return readdirSync(join(root, 'instances')).sort()
  } catch {
    return []
  }
}

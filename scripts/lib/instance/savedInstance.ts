// Keeps the description of an instance in its own folder, where any later step, run or person finds it.
import {join} from 'node:path'
import {type Changes, unguarded} from '../changes.ts'
import {namesIfThere} from '../files/ifThere.ts'
import {readJson} from '../readJson.ts'
import type {Instance} from './instance.ts'
import {instanceShape} from './instanceShape.ts'
import {misplaced} from './misplaced.ts'
import {instanceFolder} from './planInstance.ts'

/** Where the description of the instance in that folder is. */
export function descriptionPath(folder: string): string {
  return join(folder, 'instance.json')
}

export function saveInstance(instance: Instance, {write}: Changes = unguarded): void {
  write(descriptionPath(instance.folder), `${JSON.stringify(instance, null, 1)}\n`)
}

/** The instance is described no more; its files stay. */
export function forgetInstance(root: string, name: string, {remove}: Changes): void {
  remove(descriptionPath(instanceFolder(root, name)))
}

/** Undefined when there is no instance of that name. Throws a `UserError` for a damaged description. */
export function readInstance(root: string, name: string): Instance | undefined {
  return readDescription(root, instanceFolder(root, name), name)
}

/** The same of an instance that lies in another folder, such as an extra copy. */
export function readDescription(root: string, folder: string, name: string): Instance | undefined {
  return readJson<Instance>({
    path: descriptionPath(folder),
    what: `the description of ${name}`,
    shape: instanceShape,
    faultOf: (instance: Instance) => misplaced(instance, root, folder),
    remedy:
      name === 'live'
        ? `sh ${root}/rollback.sh needs none of it: it puts a release back, and writes it again`
        : `end its programs, for each folder in ${folder}/copies by sh ${folder}/stop.sh FOLDER 5, then rm -r ${folder}`,
  })
}

/** Names of all instances in an environment's root, described or not. */
export function instanceNames(root: string): string[] {
  return namesIfThere(join(root, 'instances')).sort()
}

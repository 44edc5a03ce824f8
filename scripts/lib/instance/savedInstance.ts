// Keeps the description of an instance in its own folder, where any later step, run or person finds it.
import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {type Changes, unguarded} from '../changes.ts'
import {readJson} from '../readJson.ts'
import type {Instance} from './instance.ts'
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

/** Undefined when there is no instance of that name. */
export function readInstance(root: string, name: string): Instance | undefined {
  const path = descriptionPath(instanceFolder(root, name))
  return readJson<Instance>(path, 'the description of an instance', 'stop its processes and remove the folder')
}

/** Names of all instances in an environment's root, described or not. */
export function instanceNames(root: string): string[] {
  try {
    return readdirSync(join(root, 'instances')).sort()
  } catch {
    return []
  }
}

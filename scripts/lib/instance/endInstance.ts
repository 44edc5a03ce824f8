// Ends every program of an instance and removes its folder.
import {rmSync} from 'node:fs'
import type {Shell} from '../shell.ts'
import type {Target} from '../target.ts'
import type {Instance} from './instance.ts'

/** The first command (the ingress) goes first, so that nothing new comes in; the others follow at the same time. */
export async function endInstance(instance: Instance, target: Target, shell: Shell): Promise<void> {
  const [ingress, ...servers] = target.stop(instance)
  if (ingress !== undefined) await shell.run(ingress)
  await Promise.all(servers.map(command => shell.run(command)))
  rmSync(instance.folder, {recursive: true, force: true})
}

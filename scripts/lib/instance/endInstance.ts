// Ends every program of an instance and removes its folder.
import {rmSync} from 'node:fs'
import type {Shell} from '../shell.ts'
import type {Target} from '../target.ts'
import type {Instance} from './instance.ts'

/** The ingress goes first, so that nothing new comes in; the servers follow at the same time. */
export async function endInstance(instance: Instance, target: Target, shell: Shell): Promise<void> {
  await shell.run(target.stopIngress(instance))
  await Promise.all(instance.servers.map(({name}) => shell.run(target.stopServer(instance, name))))
  rmSync(instance.folder, {recursive: true, force: true})
}

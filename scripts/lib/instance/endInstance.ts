// Ends every program of an instance; of a rehearsal the folder goes too.
import {removeTree} from '../files/removeTree.ts'
import type {Instance} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {extraCopies} from './extraCopies.ts'

/**
 * The ingress goes first, so that nothing new comes in; the servers follow at the same time. Files stay. Throws a `UserError`
 * that names the processes when something that they started cannot be ended.
 */
export async function stopInstance(instance: Instance, target: Target, shell: Shell): Promise<void> {
  await shell.run(target.stopIngress(instance))
  await stopServers(instance, target, shell)
  await endRemains(instance, target, shell)
}

/**
 * Stops everything at once, extra copies too, and removes the folder, state included: for what is thrown away. Throws as
 * `stopInstance` does, and then keeps the folder, by which the processes are found.
 */
export async function endInstance(instance: Instance, target: Target, shell: Shell): Promise<void> {
  const copies = [instance, ...(await extraCopies(instance.folder))]
  await Promise.all([shell.run(target.stopIngress(instance)), ...copies.map(copy => stopServers(copy, target, shell))])
  await endRemains(instance, target, shell)
  removeTree(instance.folder)
}

async function endRemains(instance: Instance, target: Target, shell: Shell): Promise<void> {
  if (target.endRemains !== undefined) await shell.run(target.endRemains(instance))
}

async function stopServers(instance: Instance, target: Target, shell: Shell): Promise<void> {
  // One by one, since in the middle of a change an instance holds two copies of the same name.
  const alone = instance.servers.map(server => target.stopServer({...instance, servers: [server]}, server.name))
  await Promise.all(alone.map(command => shell.run(command)))
}

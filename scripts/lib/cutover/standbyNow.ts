// What is on standby and still runs, for people and programs that ask after the state of live.
import type {Documents} from '../records/documents.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import {readStandby} from './standbyFile.ts'

export interface StandbyNow {
  release: string
  /** Names, in the order in which they went on standby. */
  servers: string[]
  /** ISO time at which the last of them ends by itself. */
  until: string
  /** That time is over and they still run, as when what was to end them was killed. */
  isStale: boolean
}

export interface SeeStandby {
  root: string
  documents: Documents
  target: Target
  shell: Shell
}

// A program may take its time to end.
const graceMs = 60_000

/** Undefined when nothing is, or what was has ended. Changes nothing. */
export async function standbyNow({root, documents, target, shell}: SeeStandby): Promise<StandbyNow | undefined> {
  const standby = await readStandby(documents, root)
  if (standby === undefined || standby.instance.servers.length === 0) return undefined
  const {instance, until} = standby
  const programs = target.inspect.read(await shell.run(target.inspect.command(instance)))
  const running = new Set(programs.flatMap(({name, running}) => (running ? [name] : [])))
  const servers = instance.servers.map(({name}) => name).filter(name => running.has(name))
  const isStale = Date.parse(until) + graceMs < Date.now()
  return servers.length === 0 ? undefined : {release: instance.release, servers, until, isStale}
}

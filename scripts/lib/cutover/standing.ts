// Looks which copies a rollback can take back from standby, and takes one in place of a copy that would be restarted.
import {hasItsCode, keepable} from '../instance/codeOf.ts'
import type {Documents} from '../records/documents.ts'
import type {Instance, InstanceServer} from '../target/instance.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'
import type {BecomeReady} from './becomeReady.ts'
import {readStandby} from './standbyFile.ts'

export interface Standing {
  root: string
  documents: Documents
  target: Target
  shell: Shell
  attempt: BecomeReady['attempt']
}

// A copy that is well answers within some milliseconds; one that hangs is restarted instead.
const answersWithinMs = 1000

/**
 * `serves`: the ingress of what is live runs. `running` names the programs of live that a change may leave as they are.
 * `copies` are those of the release `goal` that run and answer.
 */
export async function standing(
  live: Instance,
  goal: string,
  {root, documents, target, shell, attempt}: Standing,
): Promise<{serves: boolean; running: Set<string>; copies: InstanceServer[]}> {
  const standby = (await readStandby(documents, root))?.instance
  const servers = (standby?.release === goal ? standby.servers : []).filter(({argv}) => hasItsCode(argv, live))
  const [running, waiting] = await Promise.all([
    runningIn(live, target, shell),
    servers.length === 0 ? new Set<string>() : runningIn({...live, servers}, target, shell),
  ])
  const looked = await Promise.all(
    servers
      .filter(({name}) => waiting.has(name))
      .map(async server => ((await attempt(server, answersWithinMs)).holds ? [server] : [])),
  )
  const serves = running.has('ingress')
  // Where nothing serves everything starts over, so nothing is taken back.
  return {serves, running: keepable(live, running), copies: serves ? looked.flat() : []}
}

async function runningIn(instance: Instance, target: Target, shell: Shell): Promise<Set<string>> {
  const programs = target.inspect.read(await shell.run(target.inspect.command(instance)))
  // A server without its supervisor is not kept: nothing would start it again. The ingress serves all the same.
  const usable = programs.filter(({name, running, supervised}) => running && (supervised || name === 'ingress'))
  return new Set(usable.map(({name}) => name))
}

/** The process, its folder and its port are those of the copy on standby; how it is checked and called is as laid out. */
export function takenBack(laidOut: InstanceServer, copies: readonly InstanceServer[]): InstanceServer {
  const copy = copies.find(({name}) => name === laidOut.name)
  return copy === undefined ? laidOut : {...copy, through: laidOut.through, settings: laidOut.settings}
}

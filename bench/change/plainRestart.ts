// Restarts a server of an instance as an init system does: stop, start, and nobody looks after its clients.
import {becomeReady} from '../../scripts/lib/cutover/becomeReady.ts'
import {type Instance, serverOf} from '../../scripts/lib/target/instance.ts'
import {createShell} from '../../scripts/lib/target/shell.ts'
import {climbServer} from '../../scripts/phases/climbServer.ts'
import {local} from '../../scripts/targets/local.ts'

/** Until it answers again. */
export async function plainRestart(
  instance: Instance,
  name: string,
  secrets: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const shell = createShell({record: () => undefined, signal, secrets})
  await shell.run(local.stopServer(instance, name))
  await shell.run(local.startServer(instance, name))
  const {ready, detail} = await becomeReady({
    instance,
    server: serverOf(instance, name),
    target: local,
    shell,
    signal,
    attempt: (one, timeoutMs) => climbServer(one, one.endpoint, {secrets, signal}, undefined, timeoutMs),
  })
  if (!ready) throw new Error(`${name} did not come back after a plain restart: ${detail}`)
}

// Whether servers can be kept apart on this machine, and which of them the fleet file leaves out.
import type {FleetServer} from '../fleet/resolveFleet.ts'
import type {PreflightCheck} from '../preflight/preflight.ts'
import type {Shell} from '../target/shell.ts'
import type {Target} from '../target/target.ts'

/** What does not hold is a skip, so that the report lists it as not proved: servers run all the same. */
export async function checkIsolation(
  target: Pick<Target, 'name' | 'canIsolate'>,
  {root, servers}: {root: string; servers: readonly Pick<FleetServer, 'name' | 'isolation'>[]},
  shell: Shell,
): Promise<PreflightCheck> {
  const name = 'isolation'
  if (target.canIsolate === undefined)
    return {name, verdict: 'skip', detail: `the target ${target.name} does not isolate servers`}
  const why = (await shell.run(target.canIsolate(root))).trim()
  if (why !== '')
    return {
      name,
      verdict: 'skip',
      detail: `servers are not isolated on this machine: ${why}`,
      remedy:
        'SECURITY.md says what follows; user namespaces allow it: sysctl user.max_user_namespaces and kernel.apparmor_restrict_unprivileged_userns',
    }
  const open = servers.flatMap(({name: server, isolation: {none}}) =>
    none === undefined ? [] : [`${server} (${none})`],
  )
  if (open.length > 0)
    return {name, verdict: 'skip', detail: `by the fleet file these servers are not isolated: ${open.join('; ')}`}
  return {name, verdict: 'pass', detail: 'every server sees its own processes and writes to its own folders only'}
}

// Lays out an instance of a release with free ports and a copy id of its own, beside whatever runs already.
import type {Fleet} from '../fleet/resolveFleet.ts'
import {hasItsCode} from '../instance/codeOf.ts'
import {planInstance} from '../instance/planInstance.ts'
import type {Release} from '../release/release.ts'
import {freePorts} from '../target/freePorts.ts'
import type {Instance, InstanceIngress} from '../target/instance.ts'

export interface LayOut {
  fleet: Fleet
  /** Id of the new copies; see `copyName`. */
  copy: string
  release: Release
  releaseFolder: string
  /** `live`, or `rehearsal-<run>`. */
  name: string
  /** The instance whose ingress goes on; undefined where everything starts over. */
  live: Instance | undefined
}

export async function layOut({fleet, copy, release, releaseFolder, name, live}: LayOut): Promise<Instance> {
  const enabled = fleet.servers.filter(server => server.client.enabled)
  const [free = 0, ...others] = await freePorts(enabled.length + 1)
  const servers = Object.fromEntries(enabled.map((server, index) => [server.name, others[index] ?? 0]))
  const ports = {ingress: live?.ingress.port ?? (name === 'live' ? fleet.ingress.port : free), servers}
  const instance = planInstance({
    fleet: live === undefined ? fleet : {...fleet, ingress: {...fleet.ingress, tls: live.ingress.tls}},
    release,
    releaseFolder,
    name,
    copy,
    ports,
  })
  return live === undefined ? instance : {...instance, ingress: kept(live, instance.ingress)}
}

// The process, its port and its certificate stay; by which names it is called is as the new release says. Where its program is
// gone, it is started again from that of the new release.
function kept(live: Instance, {url, hosts, origins, argv}: InstanceIngress): InstanceIngress {
  const running = live.ingress
  return {...running, url, hosts, origins, argv: hasItsCode(running.argv, live) ? running.argv : argv}
}

/** The time of the run and its random end: short, and never the same twice. `generation` tells copies of one run apart. */
export function copyName(run: string, generation = ''): string {
  return `${run.slice(9, 15)}${run.slice(-4)}${generation}`
}

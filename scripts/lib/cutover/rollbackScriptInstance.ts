// An instance as a rollback without Node starts it again: from its own release, on ports that are chosen when it runs.
import {dirname} from 'node:path'
import {copyHost, declaredOf, filledIn} from '../instance/declared.ts'
import type {Release} from '../release/release.ts'
import type {Instance, InstanceServer} from '../target/instance.ts'

/** What stands for the port of a server until the script knows it; a shell, and nothing else, puts the number there. */
export function portToken(server: string): string {
  return `@port:${server}@`
}

/**
 * Every port of a server is its token, but for the number `port` itself. A copy that was kept may run from the folder of an
 * earlier release, which may be gone when it is to be started again: everything is filled in for this one, whose code is the same.
 */
export function openInstance(instance: Instance, release: Release): Instance {
  const {releaseFolder, ingress} = instance
  const inOwnRelease = (argument: string) => movedTo(releaseFolder, argument)
  return {
    ...instance,
    ingress: {...ingress, argv: ingress.argv.map(inOwnRelease)},
    servers: instance.servers.map(server => openServer(server, instance, release)),
  }
}

function openServer(server: InstanceServer, {releaseFolder, ingress}: Instance, release: Release): InstanceServer {
  const {name, folder, state, settings} = server
  const port = portToken(name)
  const url = `http://${copyHost}:${port}`
  const declared = server.declared ?? declaredOf(settings, release)
  return {
    ...server,
    url,
    endpoint: `${url}${settings.endpoint}`,
    ...filledIn(declared, {name, folder, state, port, releaseFolder, ingress: ingress.url}),
  }
}

// The ingress goes on over a change of release; its program lies at the same place in each of them.
function movedTo(releaseFolder: string, argument: string): string {
  const releases = `${dirname(releaseFolder)}/`
  const [, rest] = argument.startsWith(releases)
    ? (/^[0-9a-f]{12}(\/.*)$/.exec(argument.slice(releases.length)) ?? [])
    : []
  return rest === undefined ? argument : `${releaseFolder}${rest}`
}

/** `instance.json` with tokens: also the number is one. */
export function instanceText(open: Instance): string {
  const servers = open.servers.map(server => ({...server, port: portToken(server.name)}))
  // A name within quotes is text; without them it becomes a number once it is filled in.
  return open.servers.reduce(
    (text, {name}) => text.replaceAll(`"port": "${portToken(name)}"`, `"port": ${portToken(name)}`),
    `${JSON.stringify({...open, servers}, null, 1)}\n`,
  )
}

// An instance as a rollback without Node starts it again: from its own release, on ports that are chosen when it runs.
import {dirname} from 'node:path'
import type {Instance, InstanceServer} from '../instance/instance.ts'
import type {Release} from '../release/release.ts'

/** What stands for the port of a server until the script knows it; a shell, and nothing else, puts the number there. */
export function portToken(server: string): string {
  return `@port:${server}@`
}

/** Every port of a server is its token, but for the number `port` itself. */
export function openInstance(instance: Instance, release: Release): Instance {
  const own = fromOwnRelease(instance)
  return {
    ...own,
    servers: own.servers.map(server => openServer(server, release.servers[server.name]?.argv ?? [])),
  }
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

// A copy that was kept may run from the folder of an earlier release. The code is the same, to the byte; that folder may
// be gone when it is to be started anew.
function fromOwnRelease(instance: Instance): Instance {
  const releases = RegExp.escape(`${dirname(instance.releaseFolder)}/`)
  const other = new RegExp(`${releases}[0-9a-f]{12}(?=[/:]|$)`, 'g')
  const move = (text: string) => text.replace(other, () => instance.releaseFolder)
  return {
    ...instance,
    ingress: {...instance.ingress, argv: instance.ingress.argv.map(move)},
    servers: instance.servers.map(server => ({
      ...server,
      argv: server.argv.map(move),
      environment: mapValues(server.environment, move),
    })),
  }
}

function openServer(server: InstanceServer, words: readonly string[]): InstanceServer {
  const {name, port, settings} = server
  const open = (filled: string, declared: string | undefined) => withToken(filled, declared ?? '', port, name)
  const url = server.url.replace(/:\d+$/, `:${portToken(name)}`)
  return {
    ...server,
    url,
    endpoint: `${url}${settings.endpoint}`,
    argv: server.argv.map((word, index) => open(word, words[index])),
    environment: mapValues(server.environment, (value, key) => open(value, settings.env[key])),
  }
}

// Only where {port} was declared: the same digits elsewhere mean something else.
function withToken(filled: string, declared: string, port: number, server: string): string {
  const parts = declared.split(/(\{[a-z]+\})/)
  if (!parts.includes('{port}')) return filled
  const pattern = parts.map((part, index) => {
    if (part === '{port}') return `(${port})`
    return index % 2 === 1 ? '([\\s\\S]*?)' : `(${RegExp.escape(part)})`
  })
  const found = new RegExp(`^${pattern.join('')}$`).exec(filled)
  if (found === null) return filled
  return found
    .slice(1)
    .map((text, index) => (parts[index] === '{port}' ? portToken(server) : text))
    .join('')
}

function mapValues(values: Record<string, string>, change: (value: string, key: string) => string) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]))
}

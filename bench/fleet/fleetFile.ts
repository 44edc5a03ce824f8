// Writes a fleet file of many like servers, which are described and never built.
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

/** Names that sort as they are numbered. */
export function serverNames(count: number): string[] {
  return Array.from({length: count}, (_, index) => `server-${String(index + 1).padStart(3, '0')}`)
}

/** Gives the path. Limits are the defaults; the environment keeps its things below `folder`. */
export function writeFleetFile(folder: string, names: readonly string[], ingressPort: number): string {
  const server = {
    source: {folder: 'server'},
    command: ['main.mjs'],
    env: {PORT: '{port}'},
    health: '/health',
    probe: {tool: 'add', arguments: {a: 2, b: 40}, expect: {text: '42'}},
  }
  const fleet = {
    fleet: 'bench',
    servers: Object.fromEntries(names.map(name => [name, server])),
    environments: {staging: {target: 'local', root: 'root', ingress: {port: ingressPort}}},
  }
  const path = join(folder, 'fleet.yaml')
  mkdirSync(folder, {recursive: true})
  // Every JSON text is YAML.
  writeFileSync(path, JSON.stringify(fleet, null, 1))
  return path
}

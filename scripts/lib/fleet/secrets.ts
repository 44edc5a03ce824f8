// The values of secrets for one instance: from the environment, or made for a rehearsal.
import {createHmac, randomBytes} from 'node:crypto'
import {existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Fleet} from './resolveFleet.ts'
import type {Variables} from './variables.ts'

export type SecretValues = Readonly<Record<string, string | undefined>>

/**
 * Values by name. A secret marked `rehearsal: generated` has a value of its own in a rehearsal, the same in every step of
 * that run: it is derived from a key that stays in the environment's root folder, so that it is written down nowhere.
 */
export function secretsOf(fleet: Fleet, variables: Variables, instance: string): SecretValues {
  const all = fleet.servers.flatMap(server => Object.entries(server.secrets))
  return Object.fromEntries(
    all.map(([name, {rehearsal}]) => {
      const generated = instance.startsWith('rehearsal-') && rehearsal === 'generated'
      // A workflow gives a secret that is not set as an empty text.
      return [name, generated ? derived(fleet.root, `${instance}/${name}`) : variables[name] || undefined]
    }),
  )
}

/** Required secrets that have no value, each with the servers that need it. */
export function missingSecrets(fleet: Fleet, values: SecretValues): {name: string; servers: string[]}[] {
  const needed = fleet.servers
    .filter(server => server.client.enabled)
    .flatMap(server =>
      Object.entries(server.secrets).flatMap(([name, {required}]) =>
        required && values[name] === undefined ? [{name, server: server.name}] : [],
      ),
    )
  return [...Map.groupBy(needed, item => item.name)].map(([name, items]) => ({
    name,
    servers: items.map(item => item.server),
  }))
}

function derived(root: string, label: string): string {
  return createHmac('sha256', key(join(root, 'rehearsal.key')))
    .update(label)
    .digest('base64url')
}

function key(path: string): Buffer {
  if (!existsSync(path)) make(path)
  return readFileSync(path)
}

// Two runs may make it at the same moment; link() lets one of them win, and shows the other no half of it.
function make(path: string): void {
  mkdirSync(dirname(path), {recursive: true})
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, randomBytes(32), {mode: 0o600})
  try {
    linkSync(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(temporary, {force: true})
  }
}

// What a program can check of the deployment checklist (row C11) in the fleet file alone, before anything is asked.
import type {FleetServer} from '../lib/fleet/resolveFleet.ts'
import {secretName, tokenForm} from './credentialForms.ts'
import type {Check, Phase} from './phase.ts'

interface ConfigurationSeen {
  /** Places of values that look like a credential; never the values, since this is written down. */
  credentials: string[]
  addresses: {at: string; text: string}[]
}

export const configuration: Phase<ConfigurationSeen> = {
  name: 'configuration',
  title:
    'The fleet file declares a probe, limits and deadlines for every server, and no credentials or fixed addresses',
  deadlineMs: () => 1000,

  server: {
    // As it stands in the file: a reference such as ${NAME:-…} is no fixed value.
    observe: async (context, server) => look(context.declared(server.name)),
    evidence: () => ({have: 1, need: 1, what: 'descriptions'}),
    judge: ({credentials, addresses}, settings) => [
      judgeProbe(settings),
      judgeLimits(settings),
      judgeCredentials(credentials),
      judgeAddresses(addresses),
    ],
  },
}

function judgeProbe({probe, health}: FleetServer): Check {
  const name = 'probe'
  if (probe !== undefined) return {name, verdict: 'pass', detail: `health is a real call of ${probe.tool}`}
  const below = health === undefined ? 'nothing deeper than tools/list' : `${health} and tools/list`
  return {
    name,
    verdict: 'fail',
    detail: `no safe tool call is declared: health rests on ${below}`,
    remedy: 'add probe: {tool, arguments, expect}',
  }
}

/** Deadlines always have a value; memory has none that would fit every server, so it must be set. */
function judgeLimits({limits, client}: FleetServer): Check {
  const detail = `start ${limits.startupSeconds} s, stop ${limits.stopSeconds} s, request ${client.timeoutMs} ms, ${client.retries} retries`
  if (limits.memoryMegabytes !== undefined)
    return {name: 'limits', verdict: 'pass', detail: `${detail}, memory ${limits.memoryMegabytes} MB`}
  return {
    name: 'limits',
    verdict: 'fail',
    detail: `${detail}, but no limit of memory`,
    remedy: 'set limits.memoryMegabytes: what it uses now is in the report of a run with a generous one',
  }
}

function look(declared: Record<string, unknown>): ConfigurationSeen {
  const credentials = credentialPlaces(declared)
  const addresses = texts(declared).filter(
    ({at, text}) => !/^(calls|probe)\b/.test(at) && fixedAddress(text) && !credentials.includes(at),
  )
  return {credentials, addresses}
}

function credentialPlaces(settings: Record<string, unknown>): string[] {
  const named = Object.entries((settings.env ?? {}) as Record<string, string>)
    .filter(([key, value]) => secretName.test(key) && !/^$|[{]/.test(value))
    .map(([key]) => `env.${key}`)
  const formed = texts(settings)
    .filter(({text}) => tokenForm.test(text))
    .map(({at}) => at)
  return [...new Set([...named, ...formed])]
}

function judgeCredentials(found: readonly string[]): Check {
  const name = 'no-credential'
  if (found.length === 0) return {name, verdict: 'pass', detail: 'no value looks like a credential', value: 0, limit: 0}
  return {
    name,
    verdict: 'fail',
    detail: `looks like a credential: ${found.join(', ')}`,
    value: found.length,
    limit: 0,
    remedy: 'put its name below secrets: and its value into the environment',
  }
}

function judgeAddresses(addresses: ConfigurationSeen['addresses']): Check {
  const name = 'no-fixed-address'
  const found = addresses.map(({at, text}) => `${at}: ${text}`)
  if (found.length === 0)
    return {name, verdict: 'pass', detail: 'addresses come from the environment or are filled in', value: 0, limit: 0}
  return {
    name,
    verdict: 'fail',
    detail: `fixed in the fleet file: ${found.join(', ')}`,
    value: found.length,
    limit: 0,
    remedy: `write \${NAME:-${addresses[0]?.text}}, so that each environment can have its own`,
  }
}

function fixedAddress(text: string): boolean {
  return /^(https?|wss?|redis|postgres(ql)?|mongodb(\+srv)?|amqp):\/\//.test(text) && !text.includes('{')
}

/** Every text of a server's settings with its place. */
function texts(value: unknown, at = ''): {at: string; text: string}[] {
  if (typeof value === 'string') return [{at, text: value}]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => texts(item, at === '' ? key : `${at}.${key}`))
}

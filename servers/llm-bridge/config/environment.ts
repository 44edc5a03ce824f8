// What the environment says: where to listen, the bridge's own key, and overrides of the file.
import {isIP} from 'node:net'
import {type Fault, shownValue} from './fault.ts'

export type Environment = Record<string, string | undefined>

export type Settings = {
  host: string
  port: number
  /** Callers must present it as a bearer token; undefined leaves the bridge open. */
  apiKey: string | undefined
  /** Host and Origin names accepted besides the loopback ones. */
  allowedHosts: string[]
  /** How long SIGTERM waits for calls in flight. */
  drainMs: number
  maximumCostPerRequest: number | undefined
  autoFallback: boolean | undefined
  failureThreshold: number | undefined
  resetTimeoutMs: number | undefined
  /** Provider URLs by the variable's ending: `LLM_BRIDGE_URL_OLLAMA_LOCAL` is for the provider `ollama_local`. */
  urls: Record<string, string>
}

const urlPrefix = 'LLM_BRIDGE_URL_'
const known = [
  'LLM_BRIDGE_CONFIG',
  'LLM_BRIDGE_HOST',
  'LLM_BRIDGE_API_KEY',
  'LLM_BRIDGE_ALLOWED_HOSTS',
  'LLM_BRIDGE_DRAIN_MS',
  'LLM_BRIDGE_MAXIMUM_COST',
  'LLM_BRIDGE_AUTO_FALLBACK',
  'LLM_BRIDGE_BREAKER_THRESHOLD',
  'LLM_BRIDGE_BREAKER_RESET_MS',
]

/** The ending of a provider's URL variable: upper case, everything else `_`. */
export function urlVariable(providerName: string): string {
  return urlPrefix + providerName.toUpperCase().replace(/[^A-Z0-9]/g, '_')
}

/**
 * Reads the settings. `expected` are further variables that may begin with LLM_BRIDGE_: those that the file names in
 * `apiKeyEnv`, and the URL variables of its providers. Any other is a fault, because a mistyped LLM_BRIDGE_API_KEY would
 * leave the bridge open without a word.
 */
export function readSettings(environment: Environment, expected: string[]): {settings: Settings; faults: Fault[]} {
  const faults: Fault[] = []
  const fault = (variable: string, problem: string, remedy: string) =>
    void faults.push({place: {variable}, problem, remedy})

  function number(variable: string, least: number, most: number, whole: boolean): number | undefined {
    const text = environment[variable]
    if (text === undefined) return undefined
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value
    const kind = whole ? 'a whole number' : 'a number'
    fault(variable, `should be ${kind} from ${least} to ${most}, got ${shownValue(text)}`, 'correct it or unset it')
    return undefined
  }

  function boolean(variable: string): boolean | undefined {
    const text = environment[variable]
    if (text === undefined) return undefined
    if (text === 'true' || text === 'false') return text === 'true'
    fault(variable, `should be true or false, got ${shownValue(text)}`, 'correct it or unset it')
    return undefined
  }

  const mistyped = Object.keys(environment).filter(
    name => name.startsWith('LLM_BRIDGE_') && !known.includes(name) && !expected.includes(name),
  )
  const urlVariables = expected.filter(name => name.startsWith(urlPrefix))
  for (const name of mistyped)
    fault(name, 'is not a known variable', `known: ${[...known, ...urlVariables].join(', ')}`)

  if (environment.LLM_BRIDGE_API_KEY?.trim() === '')
    fault('LLM_BRIDGE_API_KEY', 'is set, but empty', 'give it the key that callers must present, or unset it')

  const host = environment.LLM_BRIDGE_HOST ?? '127.0.0.1'
  if (isIP(host) === 0 && !/^[A-Za-z0-9.-]+$/.test(host))
    fault('LLM_BRIDGE_HOST', `should be an address or a host name, got ${shownValue(host)}`, 'for example 127.0.0.1')

  const urls = Object.fromEntries(
    urlVariables.flatMap(name => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  )
  for (const [name, url] of Object.entries(urls))
    if (!isProviderUrl(url))
      fault(
        name,
        `should be an http or https URL without credentials, got ${shownValue(url)}`,
        'correct it or unset it',
      )

  const settings: Settings = {
    host,
    port: number('PORT', 0, 65_535, true) ?? 5001,
    apiKey: environment.LLM_BRIDGE_API_KEY,
    allowedHosts: (environment.LLM_BRIDGE_ALLOWED_HOSTS ?? '').split(',').flatMap(name => name.trim() || []),
    drainMs: number('LLM_BRIDGE_DRAIN_MS', 0, 600_000, true) ?? 10_000,
    maximumCostPerRequest: number('LLM_BRIDGE_MAXIMUM_COST', 0, 1_000_000, false),
    autoFallback: boolean('LLM_BRIDGE_AUTO_FALLBACK'),
    failureThreshold: number('LLM_BRIDGE_BREAKER_THRESHOLD', 1, 1000, true),
    resetTimeoutMs: number('LLM_BRIDGE_BREAKER_RESET_MS', 1, 86_400_000, true),
    urls,
  }
  return {settings, faults}
}

function isProviderUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const {protocol, username, password} = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

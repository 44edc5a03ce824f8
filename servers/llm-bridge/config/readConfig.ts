// Reads the configuration file (JSON or YAML) and the environment, and finds every fault of both at once.
import {readFileSync} from 'node:fs'
import {LineCounter, parseDocument} from 'yaml'
import {type Environment, readSettings, type Settings, urlVariable} from './environment.ts'
import {type Fault, faultText, type Path} from './fault.ts'
import {ruleFaults} from './ruleFaults.ts'
import {type BridgeConfig, configSchema} from './schema.ts'
import {schemaFaults} from './schemaFaults.ts'

export type Reading = {config: BridgeConfig; settings: Settings} | {faults: string[]}

/** Reads `file`; `faults` are ready to print, one text each, in the order they stand in the file. */
export function readConfig(file: string, environment: Environment): Reading {
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch (error) {
    const problem = `cannot be read: ${error instanceof Error ? error.message : error}`
    const remedy = 'name a JSON or YAML file in the environment variable LLM_BRIDGE_CONFIG'
    return {faults: [faultText({place: {file}, problem, remedy}, file, () => '')]}
  }
  const lines = new LineCounter()
  // JSON is YAML, so one parser reads both and knows the line of every key; it also refuses duplicate keys.
  const document = parseDocument(source, {lineCounter: lines, prettyErrors: false})
  const syntaxFaults = document.errors.map(error => {
    const {line, col} = lines.linePos(error.pos[0])
    const remedy = 'correct the syntax'
    return faultText({place: {file: `${file}:${line}:${col}`}, problem: error.message, remedy}, file, () => '')
  })
  if (syntaxFaults.length > 0) return {faults: syntaxFaults}

  const value: unknown = document.toJS()
  const {settings, faults: environmentFaults} = readSettings(environment, expectedVariables(value))
  const fileFaults = withoutRepeats([...schemaFaults(value), ...ruleFaults(value)])
  const locate = (path: Path) => {
    const offset = offsetOf(document, path)
    if (offset === undefined) return ''
    const {line, col} = lines.linePos(offset)
    return `:${line}:${col}`
  }
  const faults = [...fileFaults, ...environmentFaults].map(fault => faultText(fault, file, locate))
  if (faults.length > 0) return {faults}
  return {config: withOverrides(configSchema.parse(value), settings), settings}
}

function expectedVariables(value: unknown): string[] {
  const providers: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'providers') : []
  if (!Array.isArray(providers)) return []
  return providers.flatMap(provider => [
    ...(typeof provider?.name === 'string' ? [urlVariable(provider.name)] : []),
    ...(typeof provider?.apiKeyEnv === 'string' ? [provider.apiKeyEnv] : []),
  ])
}

function withOverrides(config: BridgeConfig, settings: Settings): BridgeConfig {
  return {
    ...config,
    providers: config.providers.map(provider => ({
      ...provider,
      url: settings.urls[urlVariable(provider.name)] ?? provider.url,
    })),
    routing: {
      ...config.routing,
      maximumCostPerRequest: settings.maximumCostPerRequest ?? config.routing.maximumCostPerRequest,
      autoFallback: settings.autoFallback ?? config.routing.autoFallback,
    },
    breaker: {
      failureThreshold: settings.failureThreshold ?? config.breaker.failureThreshold,
      resetTimeoutMs: settings.resetTimeoutMs ?? config.breaker.resetTimeoutMs,
    },
  }
}

/** Where the deepest part of `path` that exists begins. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    const range = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined
    if (Array.isArray(range) && typeof range[0] === 'number') return range[0]
  }
  return undefined
}

function withoutRepeats(faults: Fault[]): Fault[] {
  const seen = new Set<string>()
  return faults.filter(fault => {
    const key = JSON.stringify(fault.place) + fault.problem
    return seen.has(key) ? false : seen.add(key)
  })
}

// The faults of one value against the configuration's shape, in words.
import type {z} from 'zod'
import {type Fault, type Path, shownValue} from './fault.ts'
import {configSchema} from './schema.ts'

const knownKeys: Record<string, string[]> = {
  '': Object.keys(configSchema.shape),
  providers: Object.keys(configSchema.shape.providers.element.shape),
  models: Object.keys(configSchema.shape.providers.element.shape.models.element.shape),
  defaultModels: Object.keys(configSchema.shape.defaultModels.unwrap().shape),
  routing: Object.keys(configSchema.shape.routing.unwrap().shape),
  breaker: Object.keys(configSchema.shape.breaker.unwrap().shape),
  health: Object.keys(configSchema.shape.health.unwrap().shape),
}

/** Every fault of `value` against the shape; empty when it fits. */
export function schemaFaults(value: unknown): Fault[] {
  const result = configSchema.safeParse(value)
  return result.success ? [] : result.error.issues.flatMap(issue => faultsOfIssue(issue, value))
}

function faultsOfIssue(issue: z.core.$ZodIssue, value: unknown): Fault[] {
  const path = issue.path.map(part => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys[String(path.findLast(part => typeof part === 'string') ?? '')] ?? []
    // Only the key is shown: what stands under an unknown key may be a secret.
    return issue.keys.map(key => ({
      place: {path: [...path, key]},
      problem: 'is not a known key',
      remedy: `known keys here: ${known.join(', ')}`,
    }))
  }
  const found = valueAt(value, path)
  if (path.at(-1) === 'apiKeyEnv')
    return [
      {
        place: {path},
        problem: 'should be the NAME of an environment variable (A-Z, 0-9, _); what was found is not shown',
        remedy: 'put the key itself into that environment variable, and only its name here',
      },
    ]
  const {expected, remedy} = expectation(issue, path)
  if (found === undefined) return [{place: {path}, problem: `is required: ${expected}`, remedy}]
  return [{place: {path}, problem: `should be ${expected}, got ${shownValue(found)}`, remedy}]
}

function expectation(issue: z.core.$ZodIssue, path: Path): {expected: string; remedy: string} {
  if (path.join('.') === 'providers')
    return {
      expected: 'a list with at least one provider',
      remedy: 'add one: {"name": "ollama_local", "kind": "ollama", "url": "http://127.0.0.1:11434", "models": […]}',
    }
  switch (issue.code) {
    case 'invalid_type':
      return {expected: `${article(issue.expected)} ${issue.expected}`, remedy: `give ${path.at(-1)} that type`}
    case 'invalid_value': {
      const values = issue.values.map(value => JSON.stringify(value)).join(' or ')
      return {expected: values, remedy: 'use one of these'}
    }
    case 'too_small':
      return {
        expected:
          `${issue.origin === 'array' ? 'a list of' : ''} ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`.trim(),
        remedy: 'raise it',
      }
    case 'too_big':
      return {expected: `at most ${issue.maximum}`, remedy: 'lower it'}
    case 'invalid_format':
      return issue.format === 'url'
        ? {expected: 'an http or https URL', remedy: 'for example "http://127.0.0.1:11434"'}
        : {expected: 'letters, digits, - and _ only, 64 at most', remedy: 'choose another name'}
    default:
      return {expected: issue.message, remedy: 'correct it'}
  }
}

function article(noun: string): string {
  return /^[aeio]/.test(noun) ? 'an' : 'a'
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined),
    value,
  )
}

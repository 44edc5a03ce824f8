// The faults that no single key shows: duplicates, default models that nobody has, URLs that hold credentials.
// The value may be of any shape, so that these are found beside the faults of shape, all at once.
import {type Fault, type Path, pathText, shownValue} from './fault.ts'
import {purposeOf, taskNames} from './schema.ts'

/** Every fault between keys; empty when there is none. */
export function ruleFaults(value: unknown): Fault[] {
  const providers = list(field(value, 'providers'))
  return [
    ...duplicates(providers, ['providers']),
    ...providers.flatMap((provider, index) =>
      duplicates(list(field(provider, 'models')), ['providers', index, 'models']),
    ),
    ...providers.flatMap((provider, index) => urlFaults(field(provider, 'url'), ['providers', index, 'url'])),
    ...defaultModelFaults(field(value, 'defaultModels'), providers),
  ]
}

function duplicates(items: unknown[], path: Path): Fault[] {
  const names = items.map(item => field(item, 'name'))
  return names.flatMap((name, index) => {
    const first = names.indexOf(name)
    if (typeof name !== 'string' || first === index) return []
    return [
      {
        place: {path: [...path, index, 'name']},
        problem: `${shownValue(name)} is already the name of ${pathText([...path, first])}`,
        remedy: 'rename or remove one of them',
      },
    ]
  })
}

function urlFaults(url: unknown, path: Path): Fault[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return []
  const {username, password, search, hash} = new URL(url)
  if (username || password)
    return [
      {
        place: {path},
        problem: 'should hold no user name and no password',
        remedy: 'remove them, and name an environment variable with the key in apiKeyEnv',
      },
    ]
  if (search || hash)
    return [{place: {path}, problem: `should end with its path, got ${shownValue(url)}`, remedy: 'remove ? and #'}]
  return []
}

function defaultModelFaults(defaults: unknown, providers: unknown[]): Fault[] {
  const models = providers.flatMap(provider => list(field(provider, 'models')))
  return taskNames.flatMap(task => {
    const name = field(defaults, task)
    if (typeof name !== 'string' || name === '') return []
    const purposes = models.filter(model => field(model, 'name') === name).map(model => field(model, 'purpose'))
    if (purposes.includes(purposeOf(task))) return []
    const fitting = models.filter(model => field(model, 'purpose') === purposeOf(task)).map(m => field(m, 'name'))
    const known = [...new Set(fitting)].join(', ') || 'none'
    const problem =
      purposes.length === 0
        ? `no provider has the model ${shownValue(name)}`
        : `${shownValue(name)} is a model for ${purposes[0]}, and this task needs one for ${purposeOf(task)}`
    return [{place: {path: ['defaultModels', task]}, problem, remedy: `models for ${purposeOf(task)}: ${known}`}]
  })
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

// Judges a request by GitHub's description: method, path, parameters, headers and body; every fault is told.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {compiled} from './compiled.ts'
import type {Description, Operation} from './operations.ts'

export interface Request {
  method: string
  /** With the query; without the address of the API. */
  url: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

export interface Judged {
  /** As in the description: `POST /repos/{owner}/{repo}/issues`. */
  operation: string
  parameters: Record<string, string>
  body: Record<string, unknown>
  /** The good status of the operation, and its example. */
  status: number
  example: unknown
  faults: string[]
}

export function readDescription(name: 'api.github.com' | 'ghes-3.19'): Description {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'github', `${name}.json`), 'utf8'))
}

export function judge({paths}: Description, {method, url, headers, body}: Request): Judged {
  const {pathname, searchParams} = new URL(url, 'http://github.test')
  const found = Object.entries(paths).flatMap(([template, methods]) => {
    const operation = methods[method.toLowerCase()]
    const matched = operation === undefined ? null : pathPattern(template).exec(pathname)
    return operation && matched ? [{template, operation, inPath: matched.groups ?? {}}] : []
  })
  const [one] = found
  const nothing = {parameters: {}, body: {}, status: 404, example: {message: 'Not Found'}}
  if (one === undefined)
    return {...nothing, operation: 'none', faults: [`${method} ${pathname} is no operation that we use`]}
  const inQuery = Object.fromEntries(searchParams)
  const parameters = {...decoded(one.inPath), ...inQuery}
  const [status, {example}] = Object.entries(one.operation.responses).find(([code]) => code.startsWith('2')) ?? [
    '200',
    {},
  ]
  const parsed = bodyOf(body)
  return {
    operation: `${method} ${one.template}`,
    parameters,
    body: parsed ?? {},
    status: Number(status),
    example,
    faults: [
      ...parameterFaults(one.operation, parameters, Object.keys(inQuery)),
      ...headerFaults(headers, body),
      ...bodyFaults(one.operation, parsed, body),
    ],
  }
}

function pathPattern(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
}

function decoded(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, decodeURIComponent(value)]))
}

function parameterFaults({parameters}: Operation, given: Record<string, string>, inQuery: string[]): string[] {
  const known = parameters.filter(one => one.in !== 'header')
  const missing = known.filter(one => one.required && given[one.name] === undefined).map(one => `needs ${one.name}`)
  // A server ignores what it does not know, so that a slip of the pen would be seen by nobody.
  const unknown = inQuery.filter(name => !known.some(one => one.in === 'query' && one.name === name))
  const wrong = known.flatMap(({name, schema}) => {
    const value = given[name]
    const fits = compiled({type: 'object', properties: {value: schema}}, {coerced: true})
    return value === undefined || fits({value}) ? [] : [`${name}: ${JSON.stringify(fits.errors)}`]
  })
  return [...missing, ...unknown.map(name => `${name} is no parameter`), ...wrong]
}

function headerFaults(headers: Request['headers'], body: string): string[] {
  const wants: [name: string, pattern: RegExp][] = [
    ['accept', /application\/vnd\.github/],
    ['user-agent', /^seaworthy\/\d/],
    ['authorization', /^(token|Bearer) \S+$/],
  ]
  if (body !== '') wants.push(['content-type', /^application\/json/])
  return wants.flatMap(([name, pattern]) =>
    pattern.test(String(headers[name] ?? '')) ? [] : [`header ${name} is ${headers[name]}`],
  )
}

function bodyFaults({requestBody}: Operation, parsed: Record<string, unknown> | undefined, text: string): string[] {
  if (requestBody === undefined) return text === '' ? [] : ['takes no body']
  if (parsed === undefined) return text === '' && !requestBody.required ? [] : ['its body is no JSON object']
  const {schema} = requestBody.content['application/json']
  const unknown = Object.keys(parsed).filter(name => schema.properties?.[name] === undefined)
  const fits = compiled(schema)
  const wrong = fits(parsed) ? [] : (fits.errors ?? []).map(({instancePath, message}) => `${instancePath} ${message}`)
  // Said in words only, in the description of the field.
  const long = String(parsed.description ?? '').length > 140 ? ['description has more than 140 characters'] : []
  return [...unknown.map(name => `${name} is not in the body`), ...wrong, ...long]
}

function bodyOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

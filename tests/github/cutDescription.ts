// Cuts the operations that we use out of @octokit/openapi, verbatim: node tests/github/cutDescription.ts FOLDER VERSION
import {createHash} from 'node:crypto'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {compiled} from './compiled.ts'
import {type Description, type Operation, operations} from './operations.ts'

interface Whole {
  openapi: string
  servers: {url: string}[]
  paths: Record<string, Record<string, WholeOperation>>
}

interface WholeOperation extends Pick<Operation, 'requestBody'> {
  parameters?: Operation['parameters']
  responses: Record<
    string,
    {content?: {'application/json'?: {schema?: object; examples?: Record<string, {value: unknown}>}}}
  >
}

const [folder, version] = process.argv.slice(2)
if (folder === undefined || version === undefined)
  throw new Error('name the folder of the generated files of @octokit/openapi, and its version')

for (const name of ['api.github.com', 'ghes-3.19']) {
  const file = `${name}.deref.json`
  const text = readFileSync(join(folder, file))
  const whole = JSON.parse(text.toString()) as Whole
  const paths: Description['paths'] = {}
  for (const [method, path] of operations) {
    const found = whole.paths[path]?.[method]
    if (found === undefined) throw new Error(`${file} has no ${method} ${path}`)
    paths[path] = {...paths[path], [method]: cut(found, `${method} ${path}`)}
  }
  const description: Description = {
    source: {package: '@octokit/openapi', version, file, sha256: createHash('sha256').update(text).digest('hex')},
    openapi: whole.openapi,
    servers: whole.servers.map(({url}) => ({url})),
    paths,
  }
  const path = join(import.meta.dirname, '..', 'fixtures', 'github', `${name}.json`)
  writeFileSync(path, `${JSON.stringify(description)}\n`)
  console.log(`${path}: ${operations.length} operations`)
}

function cut({parameters = [], requestBody, responses}: WholeOperation, name: string): Operation {
  const answers = Object.entries(responses).map(([status, response]) => {
    const json = response.content?.['application/json']
    const [example] = Object.values(json?.examples ?? {})
    if (!status.startsWith('2') || example === undefined) return [status, {}]
    // Schemas of answers are long; that the example fits is seen here, once.
    const fits = compiled(json?.schema ?? {})
    if (!fits(example.value))
      console.warn(`${name}: its example of ${status} does not fit: ${JSON.stringify(fits.errors?.[0])}`)
    return [status, {example: example.value}]
  })
  return {parameters, ...(requestBody === undefined ? {} : {requestBody}), responses: Object.fromEntries(answers)}
}

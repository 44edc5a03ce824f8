// GitHub on loopback: holds every request against GitHub's own description, remembers what it was told, and can misbehave.
import {createServer, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'
import type {GitHubPlace} from '../../scripts/lib/fleet/place.ts'
import {type Judged, judge, readDescription} from './validate.ts'

export type Misbehaviour = {status: number; message: string; headers?: Record<string, string>} | 'cut' | 'hang'

export interface GitHubOptions {
  description?: 'api.github.com' | 'ghes-3.19'
  /** How it answers the request of that number, from 1 on; undefined: as GitHub does. */
  behave?: (request: Judged, number: number) => Misbehaviour | undefined
}

export interface ServedGitHub {
  url: string
  /** Every request that came, refused ones too. */
  seen: (Judged & {authorization: string})[]
  /** What was wrong with them. */
  faults: () => string[]
  /** `POST /repos/{owner}/{repo}/issues` without `/repos/{owner}/{repo}`, in the order in which they came. */
  told: () => string[]
  issues: Record<string, unknown>[]
  comments: Record<string, unknown>[]
  releases: Record<string, unknown>[]
  place: (more?: Partial<GitHubPlace>) => GitHubPlace
  /** What a workflow has in its environment. */
  variables: (more?: Record<string, string>) => Record<string, string>
}

export const token = 'ghs_correcthorsebatterystaple'
export const commit = 'c0ffee'.padEnd(40, '0')

export async function serveGitHub(
  test: TestContext,
  {description = 'api.github.com', behave = () => undefined}: GitHubOptions = {},
): Promise<ServedGitHub> {
  const described = readDescription(description)
  // The address of an Enterprise Server ends with a path; its operations do not begin with it.
  const base = new URL((described.servers[0]?.url ?? '').replace(/\{\w+\}/g, 'x')).pathname.replace(/\/$/, '')
  const seen: ServedGitHub['seen'] = []
  const kept: Kept = {deployments: [], issues: [], comments: [], releases: []}
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const {method = '', url = '', headers} = request
    const judged = judge(described, {method, url: url.slice(base.length), headers, body})
    if (!url.startsWith(base)) judged.faults.push(`${url} is not below ${base}`)
    seen.push({...judged, authorization: String(headers.authorization)})
    const wrong = behave(judged, seen.length)
    if (wrong === 'hang') return
    if (wrong === 'cut') return void request.socket.destroy()
    if (wrong !== undefined) return answer(response, wrong.status, {message: wrong.message}, wrong.headers)
    if (judged.faults.length > 0) return answer(response, 422, {message: judged.faults.join('; ')})
    const {status, data} = act(judged, kept)
    answer(response, status, data)
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  test.after(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`
  return {
    url,
    seen,
    faults: () => seen.flatMap(({operation, faults}) => faults.map(fault => `${operation}: ${fault}`)),
    told: () => seen.map(({operation}) => operation.replace('/repos/{owner}/{repo}', '')),
    ...kept,
    place: more => ({
      token,
      apiUrl: url,
      owner: 'octo',
      repository: 'fleet',
      commit,
      logUrl: 'https://github.com/octo/fleet/actions/runs/7',
      pullRequest: undefined,
      ...more,
    }),
    variables: more => ({
      GITHUB_TOKEN: token,
      GITHUB_API_URL: url,
      GITHUB_REPOSITORY: 'octo/fleet',
      GITHUB_SHA: commit,
      GITHUB_RUN_ID: '7',
      ...more,
    }),
  }
}

type Item = Record<string, unknown>
type Kept = Record<'deployments' | 'issues' | 'comments' | 'releases', Item[]>

function act({operation, parameters, body, status, example}: Judged, kept: Kept): {status: number; data: unknown} {
  const last = operation.split('/').at(-1) ?? ''
  const sample = (Array.isArray(example) ? example[0] : example) as Item
  const list = listOf(operation, kept)
  if (operation.startsWith('GET') && last === '{tag}') {
    const found = list?.find(item => item.tag_name === parameters.tag)
    return found === undefined ? {status: 404, data: {message: 'Not Found'}} : {status, data: found}
  }
  if (operation.startsWith('GET')) {
    const {state = 'all'} = parameters
    return {status, data: list?.filter(item => state === 'all' || item.state === state) ?? []}
  }
  const key = operation.endsWith('/issues/{issue_number}') ? 'number' : 'id'
  const given = Number(parameters[last.slice(1, -1)])
  if (operation.startsWith('PATCH')) {
    const found = list?.find(item => item[key] === given)
    return {status, data: Object.assign(found ?? {...sample}, body)}
  }
  const id = 1000 + (list?.length ?? 0)
  const made = {
    ...sample,
    ...(list === kept.issues ? {state: 'open', pull_request: undefined} : {}),
    ...body,
    id,
    number: id,
  }
  list?.push(made)
  return {status, data: made}
}

function listOf(operation: string, kept: Kept): Item[] | undefined {
  if (operation.includes('/comments')) return kept.comments
  if (operation.includes('/issues')) return kept.issues
  if (operation.includes('/releases')) return kept.releases
  return operation.endsWith('/deployments') ? kept.deployments : undefined
}

function answer(response: ServerResponse, status: number, data: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, {'content-type': 'application/json; charset=utf-8', ...headers})
  response.end(JSON.stringify(data))
}

// Which repository, commit and pull request a run is about on GitHub, from the variables that every workflow has.
import {readFileSync} from 'node:fs'
import type {Variables} from './variables.ts'

/** The only place from which the token is taken; it is never a word of a command, nor in a file. */
export const tokenVariable = 'GITHUB_TOKEN'

export interface GitHubPlace {
  token: string
  /** `https://api.github.com`, or `https://<host>/api/v3` of an Enterprise Server. */
  apiUrl: string
  owner: string
  repository: string
  commit: string
  /** Page of the workflow run, where its log is; undefined outside a workflow. */
  logUrl: string | undefined
  /** Number of the pull request that started the workflow. */
  pullRequest: number | undefined
}

/** The place, or why nothing can be reported to GitHub. `readEvent` returns the text of the event that started the workflow. */
export function gitHubPlace(
  variables: Variables,
  readEvent: (path: string) => string = path => readFileSync(path, 'utf8'),
): GitHubPlace | {why: string} {
  const {GITHUB_REPOSITORY = '', GITHUB_API_URL, GITHUB_EVENT_PATH} = variables
  const token = variables[tokenVariable] ?? ''
  const pull = pullRequestOf(GITHUB_EVENT_PATH, readEvent)
  // A workflow on a pull request runs on a merge that nobody looks at; checks belong to what was pushed.
  const commit = pull?.commit ?? variables.GITHUB_SHA ?? ''
  if (token === '') return {why: `${tokenVariable} is not set`}
  const [owner = '', repository = '', ...more] = GITHUB_REPOSITORY.split('/')
  if (owner === '' || repository === '' || more.length > 0)
    return {why: `GITHUB_REPOSITORY should be owner/name, got "${GITHUB_REPOSITORY}"`}
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return {why: `GITHUB_SHA should be a whole commit hash, got "${commit}"`}
  const apiUrl = (GITHUB_API_URL ?? '') === '' ? 'https://api.github.com' : String(GITHUB_API_URL).replace(/\/+$/, '')
  const fault = faultOf(apiUrl)
  if (fault !== undefined) return {why: `GITHUB_API_URL ${fault}`}
  return {token, apiUrl, owner, repository, commit, logUrl: gitHubLogUrl(variables), pullRequest: pull?.number}
}

// A token must not cross a network in the clear.
function faultOf(text: string): string | undefined {
  if (!URL.canParse(text)) return 'should be an address such as https://github.example.org/api/v3'
  const {protocol, hostname} = new URL(text)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isHere) ? undefined : 'should begin with https://'
}

/** Page of the workflow run, where its log is; undefined outside a workflow. */
export function gitHubLogUrl({GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID}: Variables): string | undefined {
  if (GITHUB_RUN_ID === undefined) return undefined
  return `${GITHUB_SERVER_URL ?? 'https://github.com'}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
}

interface PullRequest {
  number: number
  commit: string | undefined
}

function pullRequestOf(path: string | undefined, read: (path: string) => string): PullRequest | undefined {
  if (path === undefined || path === '') return undefined
  try {
    const event = JSON.parse(read(path)) as {pull_request?: {number?: unknown; head?: {sha?: unknown}}}
    const {number, head} = event.pull_request ?? {}
    if (typeof number !== 'number') return undefined
    return {number, commit: typeof head?.sha === 'string' ? head.sha : undefined}
  } catch {
    // An event that cannot be read names no pull request to report to.
    return undefined
  }
}

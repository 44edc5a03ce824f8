// The one file that talks to GitHub, by Octokit with its own plugins; all other code uses the few functions that it exports.
import type {Octokit} from '@octokit/rest'
import type {GitHubPlace} from '../fleet/place.ts'
import {NotHeard} from '../notify/told.ts'
import {version} from '../text/version.ts'
import {asking} from './asking.ts'

export type DeploymentState = 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'success'

export interface NewDeployment {
  environment: string
  task: string
  /** At most 140 characters. */
  description: string
  /** Names the run, so that a deployment whose answer was lost is found again. */
  run: string
  isTransient: boolean
  isProduction: boolean
}

export interface CheckRun {
  name: string
  run: string
  conclusion: 'success' | 'failure' | 'action_required' | 'skipped' | 'neutral'
  title: string
  summary: string
  annotations: Annotation[]
}

export interface Annotation {
  path: string
  start_line: number
  end_line: number
  annotation_level: 'notice' | 'warning' | 'failure'
  title: string
  message: string
}

/** `marker` stands in the text and finds it again. */
export interface MarkedText {
  marker: string
  body: string
}

/** Every method throws a `NotHeard`, and nothing else, when GitHub refuses or does not answer. */
export interface GitHub {
  createDeployment: (deployment: NewDeployment) => Promise<number>
  /** The deployment that an earlier process of that run created. */
  findDeployment: (environment: string, run: string) => Promise<number | undefined>
  setDeployment: (id: number, state: DeploymentState, description: string, environmentUrl?: string) => Promise<void>
  /** Annotations beyond the first 50 follow in further requests. */
  createCheck: (check: CheckRun) => Promise<number>
  /** Opens the issue, or brings the open one up to date. Gives its page. */
  putIssue: (issue: MarkedText & {title: string}) => Promise<string>
  /** Closes the open issue with a last comment; false when no issue is open. */
  closeIssue: (marker: string, word: string) => Promise<boolean>
  /** Writes the comment on the pull request, or over the one that is there; without `opens` only the latter. */
  putComment: (pullRequest: number, comment: MarkedText, opens: boolean) => Promise<boolean>
  putRelease: (release: {tag: string; name: string; body: string}) => Promise<string>
}

export interface GitHubOptions {
  /** How long all of it may take, waits for rate limits included. */
  deadlineMs?: number
  /** How long one request may wait for its answer. */
  requestMs?: number
  signal?: AbortSignal
}

/** Octokit is loaded here, since most runs do without it. */
export async function openGitHub(place: GitHubPlace, options: GitHubOptions = {}): Promise<GitHub> {
  const ask = await asking(place, {deadlineMs: 60_000, requestMs: 8000, ...options}, `seaworthy/${version()}`)
  const {owner, repository: repo, commit, logUrl} = place
  const at = {owner, repo}
  const issueWith = (marker: string) =>
    ask('look for an issue', async ({paginate, rest}) => {
      const open = await paginate(rest.issues.listForRepo, {...at, state: 'open', labels: label, per_page: 100})
      return open.find(({body, pull_request}) => pull_request === undefined && body?.includes(marker))
    })

  return {
    createDeployment: ({environment, task, description, run, isTransient, isProduction}) =>
      ask('create a deployment', async ({rest}) => {
        const {data} = await rest.repos.createDeployment({
          ...at,
          ref: commit,
          task,
          environment,
          description: short(description),
          payload: {run},
          // We evaluated what is deployed, and main is not to be merged into what was pushed.
          auto_merge: false,
          required_contexts: [],
          transient_environment: isTransient,
          production_environment: isProduction,
        })
        if (!('id' in data)) throw new NotHeard(`create a deployment: ${data.message}`, false)
        return data.id
      }),
    findDeployment: (environment, run) =>
      ask('look for a deployment', async ({rest}) => {
        const {data} = await rest.repos.listDeployments({...at, sha: commit, environment, per_page: 100})
        return data.find(({payload}) => JSON.stringify(payload).includes(run))?.id
      }),
    setDeployment: (id, state, description, environmentUrl) =>
      ask(`set a deployment to ${state}`, async ({rest}) => {
        await rest.repos.createDeploymentStatus({
          ...at,
          deployment_id: id,
          state,
          description: short(description),
          ...(logUrl === undefined ? {} : {log_url: logUrl}),
          ...(environmentUrl === undefined ? {} : {environment_url: environmentUrl}),
        })
      }),
    createCheck: check =>
      ask(`create the check ${check.name}`, async ({rest}) => {
        const [first = [], ...rests] = batches(check.annotations)
        const {data} = await rest.checks.create({...at, head_sha: commit, ...checkWords(check, first, logUrl)})
        for (const batch of rests)
          await rest.checks.update({...at, check_run_id: data.id, ...checkWords(check, batch, logUrl)})
        return data.id
      }),
    putIssue: async ({marker, body, title}) => {
      const found = await issueWith(marker)
      return ask('write an issue', async ({rest}) => {
        const text = {...at, title: title.slice(0, 256), body: longest(`${marker}\n${body}`)}
        const {data} =
          found === undefined
            ? await rest.issues.create({...text, labels: [label]})
            : await rest.issues.update({...text, issue_number: found.number})
        return data.html_url
      })
    },
    closeIssue: async (marker, word) => {
      const found = await issueWith(marker)
      if (found === undefined) return false
      return ask('close an issue', async ({rest}) => {
        await rest.issues.createComment({...at, issue_number: found.number, body: longest(word)})
        await rest.issues.update({...at, issue_number: found.number, state: 'closed', state_reason: 'completed'})
        return true
      })
    },
    putComment: (number, {marker, body}, opens) =>
      ask('comment on a pull request', async ({paginate, rest}) => {
        const all = await paginate(rest.issues.listComments, {...at, issue_number: number, per_page: 100})
        const found = all.find(comment => comment.body?.includes(marker))
        const text = longest(`${marker}\n${body}`)
        if (found !== undefined) await rest.issues.updateComment({...at, comment_id: found.id, body: text})
        else if (opens) await rest.issues.createComment({...at, issue_number: number, body: text})
        return found !== undefined || opens
      }),
    putRelease: ({tag, name, body}) =>
      ask('publish a release', async ({rest}) => {
        const text = {...at, name, body: longest(body)}
        const found = await releaseWith(rest, {...at, tag})
        const {data} =
          found === undefined
            ? await rest.repos.createRelease({...text, tag_name: tag, target_commitish: commit})
            : await rest.repos.updateRelease({...text, release_id: found})
        return data.html_url
      }),
  }
}

/** Issues that are ours, so that few are looked through. */
const label = 'seaworthy'

/** GitHub takes at most 50 annotations with a request. */
const annotationsAtOnce = 50

function batches(annotations: readonly Annotation[]): Annotation[][] {
  const count = Math.ceil(annotations.length / annotationsAtOnce)
  return Array.from({length: count}, (_, index) =>
    annotations.slice(index * annotationsAtOnce, (index + 1) * annotationsAtOnce),
  )
}

function checkWords(check: CheckRun, annotations: Annotation[], logUrl: string | undefined) {
  return {
    name: check.name,
    status: 'completed',
    conclusion: check.conclusion,
    external_id: check.run,
    output: {title: check.title, summary: longest(check.summary), annotations},
    ...(logUrl === undefined ? {} : {details_url: logUrl}),
  } as const
}

async function releaseWith(
  rest: Octokit['rest'],
  at: {owner: string; repo: string; tag: string},
): Promise<number | undefined> {
  try {
    return (await rest.repos.getReleaseByTag(at)).data.id
  } catch (thrown) {
    if ((thrown as {status?: number}).status === 404) return undefined
    throw thrown
  }
}

/** What GitHub shows of a deployment. */
function short(text: string): string {
  return text.length <= 140 ? text : `${text.slice(0, 139).toWellFormed()}…`
}

/** The longest body that GitHub takes, with room for what it counts differently. */
function longest(text: string): string {
  return text.length <= 60_000 ? text : `${text.slice(0, 60_000).toWellFormed()}\n\n… the rest is in the report`
}

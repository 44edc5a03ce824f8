// The operations of GitHub that we use, and the shape in which they are cut out of GitHub's own description.

export const operations: readonly [method: string, path: string][] = [
  ['get', '/repos/{owner}/{repo}/deployments'],
  ['post', '/repos/{owner}/{repo}/deployments'],
  ['post', '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses'],
  ['post', '/repos/{owner}/{repo}/check-runs'],
  ['patch', '/repos/{owner}/{repo}/check-runs/{check_run_id}'],
  ['get', '/repos/{owner}/{repo}/issues'],
  ['post', '/repos/{owner}/{repo}/issues'],
  ['patch', '/repos/{owner}/{repo}/issues/{issue_number}'],
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['post', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['patch', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['get', '/repos/{owner}/{repo}/releases/tags/{tag}'],
  ['post', '/repos/{owner}/{repo}/releases'],
  ['patch', '/repos/{owner}/{repo}/releases/{release_id}'],
]

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: object
}

export interface Operation {
  /** As in the description. */
  parameters: Parameter[]
  requestBody?: {required?: boolean; content: {'application/json': {schema: BodySchema}}}
  /** Answers by status; of a good one the description's own example, which fits its schema. */
  responses: Record<string, {example?: unknown}>
}

export interface BodySchema {
  properties?: Record<string, unknown>
}

export interface Description {
  /** Where it was cut from, so that it can be cut again. */
  source: {package: string; version: string; file: string; sha256: string}
  openapi: string
  /** Address of the API as the description gives it: `https://HOSTNAME/api/v3` for an Enterprise Server. */
  servers: {url: string}[]
  paths: Record<string, Record<string, Operation>>
}

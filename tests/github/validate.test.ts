// The judge of requests itself: what GitHub's description forbids is refused, field by field.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {operations} from './operations.ts'
import {judge, readDescription} from './validate.ts'

const headers = {
  accept: 'application/vnd.github.v3+json',
  'user-agent': 'seaworthy/0.1.0',
  authorization: 'token x',
  'content-type': 'application/json',
}
const status = {state: 'success', description: 'good'}
const post = (url: string, body: unknown, more: object = {}) => ({
  method: 'POST',
  url,
  headers: {...headers, ...more},
  body: JSON.stringify(body),
})
const statuses = '/repos/o/r/deployments/1/statuses'

for (const name of ['api.github.com', 'ghes-3.19'] as const) {
  const description = readDescription(name)
  const faults = (request: ReturnType<typeof post>) => judge(description, request).faults

  test(`${name}: every operation that we use is there, with its own example as answer`, () => {
    for (const [method, path] of operations) {
      const answers = Object.entries(description.paths[path]?.[method]?.responses ?? {})
      assert.ok(
        answers.some(([code, {example}]) => code.startsWith('2') && example !== undefined),
        path,
      )
    }
    assert.match(description.source.sha256, /^[0-9a-f]{64}$/)
  })

  test(`${name}: a right request is right`, () => assert.deepEqual(faults(post(statuses, status)), []))

  const wrong: [what: string, request: ReturnType<typeof post>, pattern: RegExp][] = [
    ['a state that there is not', post(statuses, {state: 'fine'}), /\/state must be equal to one of/],
    ['no state', post(statuses, {}), /must have required property 'state'/],
    ['a misspelt field', post(statuses, {...status, logurl: 'x'}), /logurl is not in the body/],
    ['a long description', post(statuses, {...status, description: 'x'.repeat(141)}), /more than 140/],
    ['a number for a text', post(statuses, {state: 'success', description: 5}), /\/description must be string/],
    ['an id that is no number', post('/repos/o/r/deployments/one/statuses', status), /deployment_id/],
    ['an operation that is not described', post('/repos/o/r/deploys', status), /no operation/],
    ['a query that is not described', {...post('/repos/o/r/issues?sorted=up', ''), method: 'GET', body: ''}, /sorted/],
    ['a text that is no JSON', {...post(statuses, status), body: '{'}, /no JSON/],
    ['no token', post(statuses, status, {authorization: undefined}), /authorization/],
    ['no user agent', post(statuses, status, {'user-agent': undefined}), /user-agent/],
    [
      '51 annotations',
      post('/repos/o/r/check-runs', {
        name: 'n',
        head_sha: 'c',
        status: 'completed',
        conclusion: 'failure',
        output: {
          title: 't',
          summary: 's',
          annotations: Array.from({length: 51}, () => ({
            path: 'p',
            start_line: 1,
            end_line: 1,
            annotation_level: 'failure',
            message: 'm',
          })),
        },
      }),
      /annotations must NOT have more than 50/,
    ],
  ]
  for (const [what, request, pattern] of wrong)
    test(`${name}: ${what} is refused`, () => assert.match(faults(request).join('\n'), pattern))
}

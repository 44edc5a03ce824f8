// Each secret reaches only the steps of a workflow that cannot do without it, and a run with just these is good.
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import {parse} from 'yaml'
import type {Workflow} from '../../../pipelines/workflows/workflow.ts'
import {workflowFiles} from '../../../pipelines/workflows/workflowFiles.ts'
import {filesWith} from '../../filesWith.ts'
import {receiver} from '../../lib/notify/receiver.ts'
import {healthy, makeRig} from '../../rig.ts'
import {checkout} from './checkout.ts'
import {playJob} from './playJob.ts'

const raw = {
  fleet: 'told',
  servers: {one: {secrets: {FIRST_KEY: {}}}, two: {secrets: {SECOND_KEY: {required: false}}}},
  environments: {
    staging: {notify: [{channel: 'slack', secret: 'STAGING_HOOK', rehearsals: true}]},
    production: {notify: [{channel: 'webhook', secret: 'LIVE_HOOK'}]},
  },
}

const ofServers = ['FIRST_KEY', 'SECOND_KEY']
const startServersOrAskThem = [
  '10-preflight',
  '50-backup',
  '60-deploy',
  '70-health',
  '80-verify',
  '84-drill',
  '90-rollback',
]

/** The secrets of every step that has any: workflow, job, the program that it starts, and their names. */
const given = workflowFiles({fleetPath: 'fleet.yaml', raw}).flatMap(({name, text}) =>
  Object.entries((parse(text) as Workflow).jobs).flatMap(([job, {steps}]) =>
    steps.flatMap(({run, env, uses, with: words}) => {
      const texts = [...Object.values(env ?? {}), ...Object.values(words ?? {}).map(String)]
      const secrets = texts.flatMap(value => value.match(/secrets\.\w+|github\.token/g) ?? [])
      const program = run?.match(/scripts\/([\w-]+)\.ts/)?.[1] ?? uses ?? 'a shell alone'
      return secrets.length === 0 ? [] : [{where: `${name} ${job}`, program, secrets}]
    }),
  ),
)
const having = (secret: string) => given.filter(({secrets}) => secrets.includes(secret))

test('X13 secrets of servers reach the steps that start servers or ask them, and no other', () => {
  for (const secret of ofServers)
    assert.deepEqual([...new Set(having(`secrets.${secret}`).map(({program}) => program))].sort(), [
      ...startServersOrAskThem,
      'a shell alone',
    ])
  const alone = given.filter(({program}) => program === 'a shell alone')
  assert.deepEqual(
    alone.map(({where}) => where),
    ['rollback.yml shell'],
  )
})

test('X13 B14 what tells people reaches 94-notify of its own environment, and no other step', () => {
  const told = given.filter(({secrets}) => secrets.some(secret => secret.endsWith('_HOOK')))
  assert.deepEqual(told, [
    {where: 'staging.yml staging', program: '94-notify', secrets: ['secrets.STAGING_HOOK']},
    {where: 'production.yml production', program: '94-notify', secrets: ['secrets.LIVE_HOOK']},
    {where: 'rollback.yml programs', program: '94-notify', secrets: ['secrets.LIVE_HOOK']},
    {where: 'watch.yml production', program: '94-notify', secrets: ['secrets.LIVE_HOOK']},
  ])
})

test('X13 the token reaches the steps that tell GitHub, and these have nothing else', () => {
  const told = having('github.token')
  assert.deepEqual([...new Set(told.map(({program}) => program))].sort(), ['12-announce', '92-github'])
  for (const {where, secrets} of told) assert.deepEqual(secrets, ['github.token'], where)
})

test('X13 B14 a played workflow has every secret where it is needed, and writes none of them down', async context => {
  const hook = await receiver(context)
  const secret = 'correct-horse-battery-staple'
  const closed = {...healthy, fixture: 'needs-auth', secrets: {TOKEN: {}}, auth: {bearer: 'TOKEN'}}
  const limits = {startupSeconds: 15, steadySeconds: 0.3, healthMs: 8000, stopSeconds: 1, memoryMegabytes: 500}
  const notify = [{channel: 'slack', secret: 'HOOK', rehearsals: true}]
  const staging = {target: 'local', ingress: {port: 18_700}, limits, client: {timeoutMs: 8000}, notify}
  const rig = await makeRig(context, {servers: {closed}, fleet: {environments: {staging}}})
  const played = await playJob({
    ...checkout(rig, 'staging.yml'),
    job: 'staging',
    contexts: {
      github: {event: {inputs: {quick: 'true'}}, event_name: 'workflow_dispatch', token: ''},
      secrets: {TOKEN: secret, HOOK: hook.url},
    },
  })
  const said = played.steps.map(({name, outcome, said: lines}) => `${name}: ${outcome}\n${lines}`).join('\n')
  assert.equal(played.status, 'success', said)
  assert.equal(rig.verdict('calls/echoes', 'closed'), 'pass')
  assert.equal(hook.came.length, 1)
  for (const value of [secret, hook.url]) {
    assert.equal(said.includes(value), false)
    for (const folder of ['.runs', '.build', '.runner', 'state'])
      assert.deepEqual(filesWith(join(rig.folder, folder), value), [])
  }
})

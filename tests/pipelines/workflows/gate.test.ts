// The gate of ci.yml, played with bash: it opens only when every other job succeeded.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {test} from 'node:test'
import {parse} from 'yaml'
import type {Workflow} from '../../../pipelines/workflows/workflow.ts'
import {workflowFiles} from '../../../pipelines/workflows/workflowFiles.ts'
import {playJob} from './playJob.ts'

const text = workflowFiles({fleetPath: 'fleet.yaml', raw: {}}).find(({name}) => name === 'ci.yml')?.text ?? ''

test('C10 the gate waits for every job, and opens only when each succeeded', async context => {
  const folder = mkdtempSync(join(tmpdir(), 'gate-'))
  context.after(() => rmSync(folder, {recursive: true}))
  const {gate, ...others} = (parse(text) as Workflow).jobs
  assert.deepEqual([...(gate?.needs ?? [])].sort(), Object.keys(others).sort())
  assert.equal(gate?.if, 'always()')
  const status = async (lint: string, tests: string, tested = 'true') => {
    const changes = {result: tested === '' ? 'failure' : 'success', outputs: {tested}}
    const needs = {changes, lint: {result: lint}, test: {result: tests}}
    return (await playJob({text, job: 'gate', folder, env: {PATH: '/usr/bin:/bin'}, contexts: {needs}})).status
  }
  assert.equal(await status('success', 'success'), 'success')
  for (const bad of ['failure', 'cancelled', 'skipped']) {
    assert.equal(await status('success', bad), 'failure', bad)
    assert.equal(await status(bad, 'success'), 'failure', bad)
  }
  assert.equal(await status('skipped', 'skipped', 'false'), 'success', 'no test reads what changed')
  assert.equal(await status('skipped', 'skipped'), 'failure')
  assert.equal(await status('failure', 'skipped', 'false'), 'failure')
  assert.equal(await status('skipped', 'skipped', ''), 'failure', 'what changed is not known')
})

test('C10 a pull request that changes what no test reads starts the workflow, so that the gate is never pending', async context => {
  const {on, jobs} = parse(text) as Workflow
  assert.deepEqual(on.pull_request, {})
  for (const [name, job] of Object.entries(jobs).filter(([name]) => name === 'lint' || name === 'test'))
    assert.deepEqual([job.needs, job.if], [['changes'], "needs.changes.outputs.tested == 'true'"], name)

  const folder = mkdtempSync(join(tmpdir(), 'changes-'))
  context.after(() => rmSync(folder, {recursive: true}))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {cwd: folder})
  git('init', '-q')
  git('commit', '-q', '--allow-empty', '-m', 'base')
  const tested = async (paths: readonly string[], event = 'pull_request') => {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), {recursive: true})
      writeFileSync(join(folder, path), event + paths.join())
    }
    git('add', '.')
    git('commit', '-q', '--allow-empty', '-m', 'change')
    const contexts = {github: {event_name: event, event: {}}}
    const played = await playJob({text, job: 'changes', folder, env: {PATH: '/usr/bin:/bin'}, contexts})
    assert.equal(played.status, 'success')
    return /tested=(.*)/.exec(readFileSync(join(folder, '.runner', 'output-1'), 'utf8'))?.[1]
  }
  writeFileSync(join(folder, '.git', 'info', 'exclude'), '.runner\n')
  assert.equal(await tested(['README.md']), 'true')
  assert.equal(await tested(['LICENSE']), 'false')
  assert.equal(await tested(['.github/CODEOWNERS', '.github/ISSUE_TEMPLATE/deep/bug.yml']), 'false')
  assert.equal(await tested(['LICENSE', 'README.md']), 'true')
  assert.equal(await tested(['docs/LICENSE', '.github/xCODEOWNERS']), 'true')
  assert.equal(await tested(['LICENSE'], 'push'), 'true')
})

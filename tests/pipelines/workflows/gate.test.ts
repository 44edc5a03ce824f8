// The gate of ci.yml, played with bash: it opens only when every other job succeeded.
import assert from 'node:assert/strict'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
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
  const status = async (lint: string, tests: string) => {
    const needs = {lint: {result: lint}, test: {result: tests}}
    return (await playJob({text, job: 'gate', folder, env: {PATH: '/usr/bin:/bin'}, contexts: {needs}})).status
  }
  assert.equal(await status('success', 'success'), 'success')
  for (const bad of ['failure', 'cancelled', 'skipped']) {
    assert.equal(await status('success', bad), 'failure', bad)
    assert.equal(await status(bad, 'success'), 'failure', bad)
  }
})

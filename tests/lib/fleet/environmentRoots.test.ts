import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import {environmentRoots} from '../../../scripts/lib/fleet/environmentRoots.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

test('X12 each environment has the root that its own variables give, so that its rehearsals are found', test => {
  const folder = temporaryFolder(test, {
    '.env.staging': 'STAGING_ROOT=from-file\n',
    '.env.production': 'ROOT=wrong\nXDG_STATE_HOME=/of/production\n',
  })
  const raw = {
    fleet: 'f',
    environments: {
      staging: {root: '${STAGING_ROOT:-state/staging}'},
      qa: {root: '${QA_ROOT:-state/qa}'},
      exported: {root: '/srv/${ROOT}'},
      production: {},
    },
  }
  const {roots, unknown} = environmentRoots(raw, folder, {ROOT: 'shell'})
  assert.deepEqual(roots, {
    staging: join(folder, 'from-file'),
    qa: join(folder, 'state/qa'),
    exported: '/srv/shell',
    production: '/of/production/seaworthy/f/production',
  })
  assert.deepEqual(unknown, [])
})

test('X12 a root that cannot be known here is named and never guessed', test => {
  const raw = {fleet: 'f', environments: {staging: {root: '${STAGING_ROOT}'}, production: {root: '/srv/live'}}}
  assert.deepEqual(environmentRoots(raw, temporaryFolder(test), {}), {
    roots: {production: '/srv/live'},
    unknown: ['environments.staging.root needs the variable STAGING_ROOT, which is not set'],
  })
})

// Proves that a tree is compared with its lock by what really lies there.
import {strict as assert} from 'node:assert'
import {test} from 'node:test'
import {installedTreeFaults} from '../../../scripts/lib/release/installedTree.ts'
import {temporaryFolder} from './testFleet.ts'

const lock = (packages: object) => JSON.stringify({lockfileVersion: 3, packages: {'': {}, ...packages}})
const entry = {version: '1.0.0', integrity: 'sha512-x'}
const manifest = (name: string, more: object = {}) => JSON.stringify({name, version: '1.0.0', ...more})

test('C11 a tree is what its lock pins, less what is optional', t => {
  const tree = temporaryFolder(t, {
    'node_modules/.bin/a': '',
    'node_modules/@scope/a/package.json': manifest('@scope/a'),
    'node_modules/alias/package.json': JSON.stringify({name: 'real', version: 'v1.0.0+build'}),
  })
  const packages = {
    'node_modules/@scope/a': entry,
    'node_modules/alias': {...entry, name: 'real'},
    'node_modules/fsevents': {...entry, optional: true},
  }
  assert.deepEqual(installedTreeFaults(tree, lock(packages)), [])
  assert.deepEqual(installedTreeFaults(tree, lock({...packages, 'node_modules/b': entry})), [
    'should hold node_modules/b, there is no package.json with a name and a version',
  ])
  const {'node_modules/alias': _, ...fewer} = packages
  assert.deepEqual(installedTreeFaults(tree, lock(fewer)), ['holds node_modules/alias, which is not locked'])
})

test('C11 another version, another name, and what was never bundled are faults of a tree', t => {
  const tree = temporaryFolder(t, {
    'node_modules/a/package.json': manifest('a'),
    'node_modules/a/node_modules/b/package.json': manifest('b'),
    'node_modules/c/package.json': manifest('other'),
    'node_modules/d/package.json': 'no JSON',
    'node_modules/e/package.json': manifest('e', {bundledDependencies: ['f']}),
    'node_modules/e/node_modules/f/package.json': manifest('f'),
  })
  const bundled = {version: '1.0.0', inBundle: true}
  const packages = {
    'node_modules/a': {...entry, version: '1.0.1'},
    'node_modules/a/node_modules/b': bundled,
    'node_modules/c': entry,
    'node_modules/d': entry,
    'node_modules/e': entry,
    'node_modules/e/node_modules/f': bundled,
  }
  assert.deepEqual(installedTreeFaults(tree, lock(packages)), [
    'should hold a@1.0.1 at node_modules/a, it holds a@1.0.0',
    'has node_modules/a/node_modules/b as bundled, and node_modules/a bundles nothing',
    'should hold c@1.0.0 at node_modules/c, it holds other@1.0.0',
    'should hold node_modules/d, there is no package.json with a name and a version',
  ])
})

// Proves that a lock is used only when every entry of it pins the bytes of one package of a registry.
import {strict as assert} from 'node:assert'
import {test} from 'node:test'
import {lockFaults} from '../../../scripts/lib/release/lockFaults.ts'
import {packageSpec} from '../../../scripts/lib/release/packageSpec.ts'

const spec = packageSpec('a@1.0.0', '')
const integrity = `sha512-${'A'.repeat(86)}==`
const good = {version: '1.0.0', integrity}

function faults(packages: object, root: object = {a: '1.0.0'}): string[] {
  return lockFaults(spec, JSON.stringify({lockfileVersion: 3, packages: {'': {dependencies: root}, ...packages}}))
}

test('C11 a lock that pins every package is good', () => {
  const packages = {
    'node_modules/a': {...good, dependencies: {b: '^1.0.0 || 2.x', c: 'npm:@other/c@1.0.0'}},
    'node_modules/b': {...good, version: '2.0.0-rc.1', optional: true},
    'node_modules/c': {...good, name: '@other/c'},
    'node_modules/@scope/d/node_modules/JSONStream': good,
  }
  assert.deepEqual(faults(packages), [])
})

test('C11 an integrity that is not one SHA-512 pins nothing', () => {
  const weak = [
    'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
    'md5-1B2M2Y8AsgTpgAmY7PhCfg==',
    '',
    'x',
    `${integrity} sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=`,
    `sha512-${'A'.repeat(85)}==`,
    `sha512-${'A'.repeat(86)}==?opt`,
  ]
  for (const one of weak) {
    assert.deepEqual(faults({'node_modules/a': {version: '1.0.0', integrity: one}}), [
      `should pin node_modules/a by sha512- and 88 characters, it has ${JSON.stringify(one.slice(0, 120))}`,
    ])
  }
  assert.deepEqual(faults({'node_modules/a': {version: '1.0.0'}}), [
    'should pin node_modules/a by its integrity, it has none',
  ])
  assert.deepEqual(faults({'node_modules/a': {...good, link: true}}), [
    'should pin node_modules/a by its integrity, it is a link',
  ])
})

test('C11 what is marked as bundled is pinned only by a package above it that bundles it', () => {
  const bundled = {version: '1.0.0', inBundle: true}
  const refused = (path: string) => [
    `should pin ${path} by its integrity: it is marked as bundled, and no package above it says so`,
  ]
  assert.deepEqual(faults({'node_modules/a': good, 'node_modules/b': bundled}), refused('node_modules/b'))
  const nested = 'node_modules/a/node_modules/b'
  assert.deepEqual(faults({'node_modules/a': good, [nested]: bundled}), refused(nested))
  const carrier = {...good, bundleDependencies: ['b']}
  assert.deepEqual(faults({'node_modules/a': carrier, [nested]: bundled}), [])
  const deeper = 'node_modules/a/node_modules/c'
  assert.deepEqual(faults({'node_modules/a': carrier, [nested]: bundled, [deeper]: bundled}), refused(deeper))
  const needing = {...bundled, dependencies: {c: '1'}}
  assert.deepEqual(faults({'node_modules/a': carrier, [nested]: needing, [deeper]: bundled}), [])
})

test('C11 a version is a version, and nothing comes from anywhere but a registry', () => {
  const elsewhere = [
    'https://host.example/b.tgz',
    'git+ssh://host.example/b.git',
    '../b',
    'file:b',
    '^1.0.0',
    '1.0',
    '',
  ]
  for (const version of elsewhere) {
    assert.deepEqual(faults({'node_modules/a': good, 'node_modules/b': {...good, version}}), [
      `should hold an exact version of node_modules/b, it holds ${JSON.stringify(version)}`,
    ])
  }
  for (const range of ['https://host.example/b.tgz', 'owner/b', 'git+https://host.example/b', 'file:../b']) {
    assert.deepEqual(faults({'node_modules/a': {...good, dependencies: {b: range}}}), [
      `should need packages of a registry, node_modules/a wants b as ${JSON.stringify(range)}`,
    ])
  }
  assert.deepEqual(faults({'node_modules/a': {...good, resolved: 'https://host.example/a.tgz'}}), [
    'should name no host, node_modules/a comes from "https://host.example/a.tgz"',
  ])
})

test('C11 no entry of a lock lies outside of node_modules', () => {
  for (const path of [
    '../b',
    'b',
    'node_modules/../b',
    'node_modules/a/../../b',
    'node_modules/.bin',
    '/node_modules/b',
  ]) {
    assert.deepEqual(faults({'node_modules/a': good, [path]: good}), [
      `should hold packages below node_modules alone, it holds ${JSON.stringify(path)}`,
    ])
  }
})

test('C11 all faults of a lock are named at once; one for another package is no lock at all', () => {
  assert.equal(faults({'node_modules/a': good, 'node_modules/b': {version: 'x'}, 'node_modules/c': {}}).length, 4)
  assert.deepEqual(faults({'node_modules/a': {...good, version: '1.0.1'}}), ['should hold a 1.0.0, it holds 1.0.1'])
  assert.deepEqual(faults({'node_modules/a': good}, {a: '^1.0.0'}), ['should lock a@1.0.0, it locks a@^1.0.0'])
  for (const text of ['<<<<<<<', '{"lockfileVersion":3,"packages":{"":7}}', '{"lockfileVersion":2,"packages":{}}']) {
    assert.deepEqual(lockFaults(spec, text), ['should be an npm lock of version 3, and is not'])
  }
})

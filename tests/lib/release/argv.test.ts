// Proves that the words of a server are found in its release, and that what is not there is refused.
import {strict as assert} from 'node:assert'
import {test} from 'node:test'
import {fillArgv, serverArgv} from '../../../scripts/lib/release/argv.ts'
import {temporaryFolder, testServer} from './testFleet.ts'

const packageFiles = (name: string, bin: unknown) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({name, bin}),
  [`node_modules/${name}/run`]: '#!/usr/bin/env -S node --no-warnings\n',
  [`node_modules/${name}/run.sh`]: '#!/bin/sh\n',
  [`node_modules/${name}/main.js`]: '',
})

test('C12 the bin of a package becomes the runtime and its file, or the file itself when it is not for Node', t => {
  const server = temporaryFolder(t, packageFiles('@a/b', {plain: 'main.js', hashbang: './run', shell: 'run.sh'}))
  const words = (...command: string[]) => serverArgv(testServer('s', {source: {npm: '@a/b@1.0.0'}, command}), {server})
  const at = '{server}/node_modules/@a/b'
  assert.deepEqual(words('plain', '--port', '{port}'), ['{runtime}', `${at}/main.js`, '--port', '{port}'])
  assert.deepEqual(words('hashbang'), ['{runtime}', `${at}/run`])
  assert.deepEqual(words('shell'), [`${at}/run.sh`])
  assert.deepEqual(words('node', 'node_modules/@a/b/main.js'), ['{runtime}', `${at}/main.js`])
  assert.deepEqual(words('/usr/bin/python3', 'x.py'), ['/usr/bin/python3', 'x.py'])
  assert.throws(() => words('plian'), {
    name: 'UserError',
    message: 'servers.s.command: should begin with a bin of @a/b@1.0.0, got plian',
    remedy: /known: plain, hashbang, shell$/,
  })
})

test('C12 a single bin has the name of its package without the scope', t => {
  const server = temporaryFolder(t, packageFiles('@a/b', 'main.js'))
  const declared = testServer('s', {source: {npm: '@a/b@1.0.0'}, command: ['b']})
  assert.deepEqual(serverArgv(declared, {server}), ['{runtime}', '{server}/node_modules/@a/b/main.js'])
})

test('C12 a file of a folder is started by the runtime, and one that is not there is refused', t => {
  const server = temporaryFolder(t, {'dist/main.mjs': '', 'run.sh': '#!/bin/sh\n'})
  const words = (...command: string[]) => serverArgv(testServer('s', {source: {folder: 'x'}, command}), {server})
  assert.deepEqual(words('./dist/main.mjs', 'x'), ['{runtime}', '{server}/dist/main.mjs', 'x'])
  assert.deepEqual(words('node', '--no-warnings', 'dist/main.mjs'), [
    '{runtime}',
    '--no-warnings',
    '{server}/dist/main.mjs',
  ])
  assert.deepEqual(words('run.sh'), ['{server}/run.sh'])
  assert.throws(() => words('main.mjs'), {name: 'UserError', message: /^servers\.s\.command: .* got main\.mjs/})
})

test('C12 a bridge gets the words of the server where its {command} is, and confining reaches both', t => {
  const server = temporaryFolder(t, packageFiles('own', {own: 'main.js'}))
  const bridge = temporaryFolder(t, packageFiles('@a/bridge', {bridge: 'main.js'}))
  const declared = {
    source: {npm: 'own@1.0.0'},
    command: ['own', '{state}'],
    transport: 'stdio',
    bridge: {npm: '@a/bridge@2.0.0', command: ['bridge', '--', '{command}', 'end']},
  }
  const started = ['{release}/bridges/@a+bridge@2.0.0/node_modules/@a/bridge/main.js', '--']
  const words = ['{server}/node_modules/own/main.js', '{state}', 'end']
  assert.deepEqual(serverArgv(testServer('s', declared), {server, bridge}), [
    '{runtime}',
    ...started,
    '{runtime}',
    ...words,
  ])
  const node = ['{runtime}', '--require', '{release}/preload/loopback.mjs']
  const confined = serverArgv(testServer('s', {...declared, confineToLoopback: true}), {server, bridge})
  assert.deepEqual(confined, [...node, ...started, ...node, ...words])
})

test('C12 placeholders are filled also within words, and unknown ones stay', () => {
  const argv = ['{runtime}', '{server}/a', '{release}/b', '--at={host}:{port}', '{state}/x', '{other}']
  const place = {release: '/r', server: 's', host: '127.0.0.1', port: 80, state: '/t'}
  const filled = ['/r/runtime/node', '/r/servers/s/a', '/r/b', '--at=127.0.0.1:80', '/t/x', '{other}']
  assert.deepEqual(fillArgv(argv, place), filled)
})

// Builds a real server from its committed lock with the configured registry, where there is one.
import {strict as assert} from 'node:assert'
import {execFileSync, spawnSync} from 'node:child_process'
import {cpSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {fillArgv} from '../../../scripts/lib/release/argv.ts'
import {buildRelease} from '../../../scripts/lib/release/buildRelease.ts'
import {npmArgv} from '../../../scripts/lib/release/npm.ts'
import {verifyRelease} from '../../../scripts/lib/release/verifyRelease.ts'
import {temporaryFolder, testBuild, testServer} from './testFleet.ts'

const key = '@modelcontextprotocol+server-memory@2026.8.31'

test('C12 a real server is built from its committed lock and answers', {timeout: 60_000}, async t => {
  const [file = '', ...words] = npmArgv(['ping', '--fetch-retries=0', '--fetch-timeout=5000'])
  if (spawnSync(file, words, {timeout: 10_000}).status !== 0) {
    t.skip('no registry answers')
    return
  }
  const folder = temporaryFolder(t)
  const locks = join(import.meta.dirname, '..', '..', '..', 'locks')
  cpSync(join(locks, key), join(folder, 'locks', key), {recursive: true})
  const source = {npm: key.replace('+', '/')}
  const build = testBuild(folder, [testServer('memory', {source, command: ['mcp-server-memory']})])
  const {release, path} = await buildRelease(build)
  assert.deepEqual(await verifyRelease(path, build.signal), [])
  const place = {release: path, server: 'memory', host: '', port: 0, state: folder}
  const [runtime = '', ...argv] = fillArgv(release.servers.memory?.argv ?? [], place)
  const request = {jsonrpc: '2.0', id: 1, method: 'ping'}
  const answer = execFileSync(runtime, argv, {
    input: `${JSON.stringify(request)}\n`,
    encoding: 'utf8',
    env: {},
    timeout: 10_000,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  assert.deepEqual(JSON.parse(answer), {jsonrpc: '2.0', id: 1, result: {}})
})

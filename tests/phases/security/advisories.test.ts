// C11: what is known against the packages of a release, by npm's own question to a registry of the test.
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {gunzipSync} from 'node:zlib'
import type {RunCommand} from '../../../scripts/lib/release/npm.ts'
import {advisories} from '../../../scripts/phases/security/advisories.ts'
import {judgeAdvisories} from '../../../scripts/phases/security/advisoryChecks.ts'
import {packagesOf} from '../../../scripts/phases/security/packagesOf.ts'
import {temporaryFolder} from '../../lib/temporaryFolder.ts'

const bill = JSON.stringify({
  components: [
    {purl: 'pkg:npm/%40a/b@1.2.3'},
    {purl: 'pkg:npm/c@1.0.0?x=y'},
    {purl: 'pkg:npm/c@2.0.0'},
    {purl: 'pkg:generic/node@26.0.0'},
    {},
  ],
})

async function registry(test: TestContext, severity: string) {
  const asked: unknown[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    if (!request.url?.endsWith('/advisories/bulk')) return response.writeHead(404).end('{}')
    const body = Buffer.concat(parts)
    asked.push(JSON.parse(String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body)))
    const found = {
      id: 1,
      url: 'https://a.example/1',
      title: 'takes over',
      severity,
      vulnerable_versions: '<2',
      cwe: [],
      cvss: {score: 9},
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(severity === '' ? {} : {c: [found]}))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.after(() => server.close())
  return {asked, url: `http://user:p4ssw0rd@127.0.0.1:${(server.address() as AddressInfo).port}/`}
}

function asking(test: TestContext, url: string) {
  const folder = temporaryFolder(test, {'release/sbom.cdx.json': bill})
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    npm_config_registry: url,
    npm_config_cache: join(folder, 'cache'),
  }
  return {
    releaseFolder: join(folder, 'release'),
    folder,
    environment,
    now: new Date(),
    signal: test.signal,
    deadlineMs: 60_000,
  }
}

test('C11 a severe fault of a package fails; npm is asked for every version, once a day', async t => {
  const {asked, url} = await registry(t, 'critical')
  const question = asking(t, url)
  const answer = await advisories(question)
  assert.deepEqual(asked, [{'@a/b': ['1.2.3'], c: ['1.0.0', '2.0.0']}])
  const check = judgeAdvisories(answer)
  assert.deepEqual([check.verdict, check.value], ['fail', 1])
  assert.equal(check.detail, 'of 3 packages: c <2 (critical: takes over)')
  assert.equal(check.findings?.[0]?.severity, 'High')
  assert.deepEqual(await advisories(question), answer)
  assert.equal(asked.length, 1)
  const tomorrow = new Date(question.now.getTime() + 25 * 3_600_000)
  await advisories({...question, now: tomorrow})
  assert.equal(asked.length, 2)
  assert.ok(
    readdirSync(join(question.folder, '.build', 'kept')).every(name => name.endsWith('.json')),
    'the work folder is gone',
  )
})

test('C11 a mild fault is a finding, and nothing known is a pass', async t => {
  const mild = judgeAdvisories(await advisories(asking(t, (await registry(t, 'moderate')).url)))
  assert.deepEqual([mild.verdict, mild.findings?.map(({severity}) => severity)], ['pass', ['Medium']])
  const none = judgeAdvisories(await advisories(asking(t, (await registry(t, '')).url)))
  assert.deepEqual([none.verdict, none.findings], ['pass', undefined])
})

test('C11 nobody to ask is a skip that says so, without the address and what is in it', async t => {
  const answer = await advisories(asking(t, 'http://user:p4ssw0rd@127.0.0.1:9/'))
  assert.deepEqual(answer, {unknown: 'no advisory source answered: ECONNREFUSED'})
  assert.equal(judgeAdvisories(answer).verdict, 'skip')
})

test('C11 a registry that does not answer in time is a skip, and is not asked again within the hour', async t => {
  let asked = 0
  const run: RunCommand = async () => {
    asked++
    return {ended: 'deadline', exitCode: undefined, stdout: '', stderr: ''}
  }
  const question = {...asking(t, 'http://127.0.0.1:9/'), run, deadlineMs: undefined}
  const answer = await advisories(question)
  assert.deepEqual(answer, {unknown: 'no advisory source answered within 3 s'})
  await advisories(question)
  assert.equal(asked, 1)
  await advisories({...question, now: new Date(question.now.getTime() + 2 * 3_600_000)})
  assert.equal(asked, 2)
})

test('C11 without a bill of materials, or when npm is told not to ask, it is a skip', async t => {
  const question = asking(t, 'http://127.0.0.1:9/')
  assert.match(JSON.stringify(await advisories({...question, releaseFolder: 'gone'})), /not on this machine/)
  const environment = {...question.environment, npm_config_audit: 'false'}
  assert.match(JSON.stringify(await advisories({...question, environment})), /npm_config_audit=false/)
})

test('the packages of a bill are its npm packages, each version once', () => {
  assert.deepEqual(packagesOf(bill), [
    {name: '@a/b', version: '1.2.3'},
    {name: 'c', version: '1.0.0'},
    {name: 'c', version: '2.0.0'},
  ])
})

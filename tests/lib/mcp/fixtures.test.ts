import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {cp, mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {openMcp} from '../../../scripts/lib/mcp/client.ts'
import {killed, processesWith} from '../../rigProcesses.ts'
import {fixturePath, startFixture} from './startFixture.ts'

const folder = join(fixturePath('mcp'), '..')
const names = (await readdir(folder)).filter(name => name.endsWith('.mjs') && name !== 'mcp.mjs')

describe('fixture servers', {concurrency: 4}, () => {
  for (const name of names) {
    test(`${name} runs from a copied folder without node_modules, and ends on SIGTERM unless it is meant not to`, async () => {
      const copy = await mkdtemp(join(tmpdir(), 'fixture-'))
      await cp(folder, copy, {recursive: true})
      const child = spawn(process.execPath, [join(copy, name)], {
        cwd: copy,
        // By which what it starts is found.
        env: {PORT: '0', HOME: copy},
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      // Before anything is awaited: one that exits at once may do so before what it said is read.
      const exited = once(child, 'exit')
      try {
        let said = ''
        child.stderr.on('data', part => {
          said += part
        })
        // Each says something once its SIGTERM handler is in place.
        const signal = AbortSignal.timeout(20_000)
        await Promise.race([once(child.stdout, 'data', {signal}), once(child.stderr, 'data', {signal}), exited])
        child.kill('SIGTERM')
        const ended = await Promise.race([exited, new Promise(resolve => setTimeout(resolve, 1500))])
        assert.equal(ended === undefined, name === 'ignores-sigterm.mjs', `${name}: ${said}`)
        assert.doesNotMatch(said, /ERR_MODULE_NOT_FOUND/)
      } finally {
        child.kill('SIGKILL')
        for (const {pid} of processesWith(copy)) killed(pid)
        await rm(copy, {recursive: true})
      }
    })
  }
})

test('the healthy fixture finishes a call in flight before it ends on SIGTERM', async () => {
  await using server = await startFixture('healthy')
  const opened = await openMcp({url: server.url, timeoutMs: 5000})
  assert.ok(opened.ok)
  await opened.client.listTools()
  const call = opened.client.callTool('echo', {message: 'late', waitMs: 400})
  await new Promise(resolve => setTimeout(resolve, 150))
  process.kill(server.pid, 'SIGTERM')
  assert.equal((await call).kind, 'result')
  assert.equal((await opened.client.callTool('echo', {message: 'after'})).kind, 'refused')
})

import assert from 'node:assert/strict'
import {test} from 'node:test'
import {openMcpStdio} from '../../../scripts/lib/mcp/stdio.ts'
import {fixturePath} from './startFixture.ts'

const open = (code: string[], more: Partial<Parameters<typeof openMcpStdio>[0]> = {}) =>
  openMcpStdio({argv: [process.execPath, ...code], timeoutMs: 3000, ...more})
const script = (code: string) => ['--input-type=module', '-e', code]

for (const era of ['legacy', 'modern'] as const) {
  test(`a stdio server opens, lists, answers and ends in the ${era} era`, async () => {
    const result = await open([fixturePath('stdio-healthy')], {env: {ERA: era}})
    assert.ok(result.ok, result.outcome.summary)
    assert.equal(result.client.era, era)
    assert.equal((await result.client.listTools()).tools.length, 2)
    const calls = await Promise.all(['a', 'b', 'c'].map(message => result.client.callTool('echo', {message})))
    assert.deepEqual(
      calls.map(call => call.result?.structuredContent),
      [{message: 'a'}, {message: 'b'}, {message: 'c'}],
    )
    assert.deepEqual(result.stderrLines(), ['stdio fixture ready'])
    assert.deepEqual(await result.client.close(), {sessionDeleted: false, exitCode: 0, stopSignal: null})
  })
}

test('a program that is missing is not-started', async () => {
  const result = await openMcpStdio({argv: ['no-such-program-here'], timeoutMs: 3000})
  assert.deepEqual([result.ok, result.outcome.kind], [false, 'not-started'])
})

test('a program that ends at once is closed, with its exit code and last line', async () => {
  const result = await open([fixturePath('exits-at-once')])
  assert.deepEqual([result.ok, result.outcome.kind], [false, 'closed'])
  assert.match(result.outcome.summary, /exit code 1; its last line: fatal: DATABASE_URL is not set/)
})

test('a program that says nothing of use passes the deadline and is ended, and its words are told', async () => {
  const result = await open([fixturePath('never-listens')], {timeoutMs: 1500})
  assert.deepEqual([result.ok, result.outcome.kind], [false, 'deadline'])
  assert.match(result.asked.map(one => one.summary).join(), /warming up/)
})

test('a line without end is too-large', async () => {
  const result = await open(script('setInterval(() => process.stdout.write("x".repeat(65536)), 1)'), {
    maximumBytes: 500_000,
  })
  assert.deepEqual([result.ok, result.outcome.kind], [false, 'too-large'])
})

test('a legacy program that is silent until it is initialized is opened all the same', async () => {
  const shy = `
    import {createInterface} from 'node:readline'
    createInterface({input: process.stdin}).on('line', line => {
      const {id, method} = JSON.parse(line)
      const result = {protocolVersion: '2025-06-18'}
      if (method === 'initialize') console.log(JSON.stringify({jsonrpc: '2.0', id, result}))
    })`
  const result = await open(script(shy), {timeoutMs: 1500})
  assert.ok(result.ok, result.outcome.summary)
  assert.deepEqual([result.client.era, result.asked.map(one => one.kind)], ['legacy', ['deadline', 'result']])
  await result.client.close()
})

test('words on stdout that are not JSON-RPC do not hide the answer', async () => {
  const noisy = `console.log('Server starting...'); await import(${JSON.stringify(fixturePath('stdio-healthy'))})`
  const result = await open(script(noisy))
  assert.ok(result.ok, result.outcome.summary)
  await result.client.close()
})

test('a program that ignores the end of stdin and SIGTERM is killed, and so is what it started', async () => {
  const stubborn = `
    import {spawn} from 'node:child_process'
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {stdio: 'ignore'})
    process.on('SIGTERM', () => {})
    console.error(child.pid)
    setInterval(() => {}, 1000)
    await import(${JSON.stringify(fixturePath('stdio-healthy'))})
    process.removeAllListeners('SIGTERM')
    process.on('SIGTERM', () => {})`
  const result = await open(script(stubborn))
  assert.ok(result.ok, result.outcome.summary)
  assert.equal((await result.client.close()).stopSignal, 'SIGKILL')
  const grandchild = Number(result.stderrLines()[0])
  assert.ok(grandchild > 0)
  // A killed process that nobody has reaped yet still has its pid, so it is given a moment.
  const deadline = Date.now() + 3000
  while (isAlive(grandchild)) {
    assert.ok(Date.now() < deadline, `process ${grandchild} is still there`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {startFixture} from '../mcp/startFixture.ts'
import {startSwitch, type Trick} from './startSwitch.ts'
import {callsOf, counter, effectsFolder, population, startCounting, total, watch} from './witnessing.ts'

test('X2 a server killed with calls in flight: loud failures are counted, and the gap is told', async () => {
  await using old = await startFixture('healthy')
  await using next = await startFixture('healthy')
  await using between = await startSwitch(old.url)
  const longCall = {tool: 'echo', arguments: {message: 'slow', waitMs: 150}}
  const seen = await watch(
    between.url,
    async witness => {
      await old.stop()
      await pause(700)
      between.to(next.url)
      witness.mark('new copy')
      await pause(400)
    },
    {longCall},
  )
  const calls = callsOf(seen, 'legacy-in-flight')
  assert.ok(calls.failedLoudly > 3, `${calls.failedLoudly} failed`)
  assert.equal(calls.kinds['http-error'], calls.failedLoudly)
  assert.ok(calls.completed > 5 && calls.sent === calls.completed + calls.failedLoudly)
  assert.match(calls.samples[0]?.summary ?? '', /HTTP 502/)
  const [gap] = callsOf(seen, 'modern').gaps
  assert.ok(gap !== undefined && gap.ms >= 650 && gap.ms < 3000, `gap ${gap?.ms}`)
  assert.ok(gap.moments.includes('new copy') || gap.since === 'switch', JSON.stringify(gap))
  assert.equal(total(seen, 'lostSilently'), 0)
  // The new copy answers 404 for sessions of the old one, which is what lets clients start over.
  const idle = population(seen, 'legacy-idle').sessions ?? assert.fail()
  assert.deepEqual([idle.renewed, idle.stranded], [idle.opened, 0])
})

test('X2 a proxy that ends answers without a response: calls are lost silently, not loudly', async () => {
  await using server = await startFixture('healthy')
  await using between = await startSwitch(server.url)
  const swallow: Trick = (_request, body, response) => {
    if (!body.includes('tools/call')) return false
    response.writeHead(200, {'content-type': 'text/event-stream'}).end('id: 1\ndata: \n\n')
    return true
  }
  const seen = await watch(
    between.url,
    async () => {
      between.trick(swallow)
      await pause(300)
      between.trick(undefined)
    },
    {timeoutMs: 1000},
  )
  for (const name of ['legacy-in-flight', 'modern'] as const) {
    const calls = callsOf(seen, name)
    assert.ok(calls.lostSilently > 3, `${name} lost ${calls.lostSilently}`)
    assert.deepEqual([calls.failedLoudly, calls.kinds], [0, {'no-response': calls.lostSilently}])
    assert.equal(calls.completed + calls.lostSilently, calls.sent)
    assert.deepEqual(
      Object.keys(calls.byMoment).filter(moment => (calls.byMoment[moment]?.bad ?? 0) > 0),
      ['switch'],
    )
  }
})

for (const once of [false, true]) {
  const told = once ? ', even where the second time has no effect' : ''
  test(`X2 a proxy that sends calls twice: they are found by their effects${told}`, async () => {
    using effects = effectsFolder()
    await using server = await startCounting({EFFECTS: effects.file, ...(once ? {ONCE: 'yes'} : {})})
    await using between = await startSwitch(server.url)
    let twice = 0
    const again: Trick = async (request, body) => {
      if (!body.includes('"count"') || twice >= 3) return false
      twice += 1
      const {host: _, connection: __, 'content-length': ___, ...headers} = request.headers
      await fetch(server.url, {method: 'POST', headers: headers as Record<string, string>, body}).then(all =>
        all.text(),
      )
      return false
    }
    const seen = await watch(
      between.url,
      async () => {
        between.trick(again)
        await pause(400)
      },
      {counter},
    )
    const found = population(seen, 'effects').effects ?? assert.fail()
    assert.equal(twice, 3)
    assert.deepEqual([found.executedTwice, found.completedButLost, found.ids.executedTwice.length], [3, 0, 3])
    assert.equal(total(seen, 'completed'), total(seen, 'sent'), 'no client noticed anything')
  })
}

test('X2 a call that ran although it was reported as failed is told as such, and not as twice', async () => {
  using effects = effectsFolder()
  await using server = await startCounting({EFFECTS: effects.file})
  await using between = await startSwitch(server.url)
  let cut = 0
  const runAndFail: Trick = async (request, body, response) => {
    if (!body.includes('"count"') || cut >= 2) return false
    cut += 1
    const {host: _, connection: __, 'content-length': ___, ...headers} = request.headers
    await fetch(server.url, {method: 'POST', headers: headers as Record<string, string>, body}).then(all => all.text())
    response.destroy()
    return true
  }
  const seen = await watch(
    between.url,
    async () => {
      between.trick(runAndFail)
      await pause(300)
    },
    {counter, timeoutMs: 1000},
  )
  const found = population(seen, 'effects').effects ?? assert.fail()
  assert.deepEqual([found.failedButExecuted, found.executedTwice, found.completedButLost], [2, 0, 0])
  assert.equal(callsOf(seen, 'effects').failedLoudly, 2)
})

test('X2 a server that reports what it did not do: the lost effects are found; what there is is removed', async () => {
  using effects = effectsFolder()
  await using good = await startCounting({EFFECTS: effects.file})
  await using forgetful = await startCounting({EFFECTS: effects.file, FORGETFUL: 'yes'})
  await using between = await startSwitch(good.url)
  const clean = {tool: 'forget', arguments: {ids: '{ids}'}}
  const seen = await watch(
    between.url,
    async () => {
      between.to(forgetful.url)
      await pause(200)
      between.to(good.url)
      await pause(100)
    },
    {counter: {...counter, clean}},
  )
  const found = population(seen, 'effects').effects ?? assert.fail()
  assert.ok(found.completedButLost > 2, `${found.completedButLost} lost`)
  assert.equal(found.found + found.completedButLost, found.sent)
  assert.equal(found.uncleaned, undefined)
  assert.equal(existsSync(effects.file), false, 'the effects were not removed')
})

test('X2 a new copy that answers 404 for the sessions of the old one: all start over, and no call is lost', async () => {
  await using old = await startFixture('healthy', {ERA: 'legacy'})
  await using next = await startFixture('healthy', {ERA: 'legacy'})
  await using between = await startSwitch(old.url)
  const seen = await watch(between.url, async () => {
    between.to(next.url)
    await pause(400)
  })
  for (const name of ['legacy-in-flight', 'legacy-idle', 'official-sdk'] as const) {
    const {opened, same, renewed, stranded, ended} = population(seen, name).sessions ?? assert.fail()
    assert.deepEqual([same, renewed, stranded, ended], [0, opened, 0, opened], name)
    assert.ok(opened > 0)
  }
  assert.equal(total(seen, 'completed'), total(seen, 'sent'))
})

test('X2 a new copy that answers 400 for them: they are stranded, awake or asleep', async () => {
  await using old = await startFixture('healthy', {ERA: 'legacy'})
  await using next = await startFixture('healthy', {ERA: 'legacy'})
  await using between = await startSwitch(old.url)
  const seen = await watch(between.url, async () => {
    between.instead(400)
    between.to(next.url)
    await pause(400)
  })
  for (const name of ['legacy-in-flight', 'legacy-idle'] as const) {
    const {opened, same, renewed, stranded} = population(seen, name).sessions ?? assert.fail()
    assert.deepEqual([same, renewed, stranded], [0, 0, opened], name)
    assert.match(callsOf(seen, name).samples[0]?.summary ?? '', /HTTP 400/)
  }
  assert.equal(callsOf(seen, 'legacy-idle').failedLoudly, callsOf(seen, 'legacy-idle').sent)
  assert.ok(callsOf(seen, 'official-sdk').failedLoudly > 0)
})

for (const [how, signal, expected] of [
  ['killed', 'SIGKILL', {cut: 2, endedCleanly: 0}],
  ['asked to end', 'SIGTERM', {cut: 0, endedCleanly: 2}],
] as const) {
  test(`X2 streams of a server that is ${how}: how they ended is told, and that they came back`, async () => {
    using effects = effectsFolder()
    const env = {EFFECTS: effects.file, STREAMS: 'yes'}
    await using old = await startCounting(env)
    await using next = await startCounting(env)
    await using between = await startSwitch(old.url)
    const seen = await watch(between.url, async () => {
      between.to(next.url)
      process.kill(old.pid, signal)
      await pause(700)
    })
    // One of each era: the legacy one starts over, since the new copy does not know its session.
    const streams = population(seen, 'stream').streams ?? assert.fail()
    const {opened, cut, endedCleanly, stranded, down} = streams
    assert.deepEqual({opened, cut, endedCleanly, stranded, down}, {opened: 2, ...expected, stranded: 0, down: 0})
    assert.equal(streams.resumed + streams.renewed, 2)
    assert.ok(streams.longestGapMs >= 40 && streams.longestGapMs < 2000, `gap ${streams.longestGapMs}`)
    assert.equal(streams.gaps[0]?.since, 'switch')
  })
}

test('X2 a stream that may not be opened again is stranded, and one whose server is gone is down', async () => {
  using effects = effectsFolder()
  await using old = await startCounting({EFFECTS: effects.file, STREAMS: 'yes'})
  await using next = await startFixture('healthy')
  await using between = await startSwitch(old.url)
  const refused = await watch(between.url, async () => {
    between.to(next.url)
    process.kill(old.pid, 'SIGKILL')
    await pause(500)
  })
  const streams = population(refused, 'stream').streams ?? assert.fail()
  assert.deepEqual([streams.cut, streams.stranded, streams.down, streams.resumed], [2, 2, 0, 0])
  assert.match(streams.samples.at(-1)?.summary ?? '', /not opened again: HTTP (404|405)/)

  await using lost = await startCounting({EFFECTS: effects.file, STREAMS: 'yes'})
  const gone = await watch(lost.url, () => lost.stop(), {timeoutMs: 900})
  const down = population(gone, 'stream').streams ?? assert.fail()
  assert.deepEqual([down.cut, down.stranded, down.down], [2, 0, 2])
  assert.ok(down.longestGapMs > 800, 'a last chance was given')
})

test('X2 subscriptions/listen that ends without its response is cut, however clean it was for HTTP; GET is not', async () => {
  using effects = effectsFolder()
  await using server = await startCounting({EFFECTS: effects.file, STREAMS: 'yes'})
  await using between = await startSwitch(server.url)
  const opened: (() => void)[] = []
  between.trick((request, body, response) => {
    if (request.method !== 'GET' && !body.includes('subscriptions/listen')) return false
    response.writeHead(200, {'content-type': 'text/event-stream'}).write('retry: 50\n\n')
    opened.push(() => response.end())
    return true
  })
  const seen = await watch(between.url, async () => {
    // The client of the official SDK may have a stream of its own.
    for (const end of opened) end()
    await pause(300)
  })
  const streams = population(seen, 'stream').streams ?? assert.fail()
  assert.deepEqual([streams.opened, streams.cut, streams.endedCleanly, streams.down], [2, 1, 1, 0])
  assert.equal(streams.resumed, 2)
})

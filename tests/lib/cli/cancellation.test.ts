// Programs that are cancelled: by keys, by a closed terminal, with a reader that is gone. Each is a real process.
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {temporaryFolder} from '../temporaryFolder.ts'

const library = join(import.meta.dirname, '..', '..', '..', 'scripts', 'lib', 'cli')

function start(context: TestContext, body: string): ChildProcess {
  const file = join(temporaryFolder(context), 'program.ts')
  writeFileSync(
    file,
    `import {cancellation} from '${library}/cancellation.ts'
import {endInTime} from '${library}/endInTime.ts'
import {outliveReaders} from '${library}/outliveReaders.ts'
const open = setInterval(() => undefined, 1000)
${body}`,
  )
  const child = spawn(process.execPath, [file], {stdio: ['ignore', 'pipe', 'pipe']})
  context.after(() => child.kill('SIGKILL'))
  return child
}

async function line(child: ChildProcess): Promise<string> {
  const [part] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  return part.toString().trim()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`X14 ${signal} cancels a program, which then ends what it began`, async context => {
    const child = start(
      context,
      `const {signal, dispose} = cancellation()
signal.addEventListener('abort', () => { console.log(signal.reason.message); dispose(); clearInterval(open) })
console.log('ready')`,
    )
    assert.equal(await line(child), 'ready')
    child.kill(signal)
    assert.equal(await line(child), `cancelled by ${signal}`)
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })

test('X14 the second press says what the third does, the third does it', async context => {
  const child = start(
    context,
    `cancellation({second: () => console.log('again'), third: () => process.exit(7)})
console.log('ready')`,
  )
  assert.equal(await line(child), 'ready')
  child.kill('SIGINT')
  await pause(400)
  child.kill('SIGINT')
  // As pnpm does right after it.
  child.kill('SIGTERM')
  assert.equal(await line(child), 'again')
  await pause(700)
  child.kill('SIGINT')
  assert.deepEqual(await once(child, 'exit'), [7, null])
})

test('X14 a program whose reader is gone goes on to its end', async context => {
  const child = start(
    context,
    `outliveReaders()
console.log('one line')
setTimeout(() => { for (let i = 0; i < 5; i++) console.log('nobody reads this') ; console.error('nor this') }, 300)
setTimeout(() => { clearInterval(open); process.exitCode = 9 }, 600)`,
  )
  assert.equal(await line(child), 'one line')
  child.stdout?.destroy()
  child.stderr?.destroy()
  assert.deepEqual(await once(child, 'exit'), [9, null])
})

test('X14 a program that said its last word ends although something of it is still open', async context => {
  const child = start(context, `process.exitCode = 5\nconsole.log('the end')\nendInTime(100)`)
  const said = text(child.stdout ?? process.stdin)
  assert.deepEqual(await once(child, 'exit'), [5, null])
  assert.equal(await said, 'the end\n')
})

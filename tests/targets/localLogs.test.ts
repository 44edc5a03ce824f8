// The logs of programs for real: none outgrows its limit for more than a moment, and the last lines are found across them.
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {setTimeout as pause} from 'node:timers/promises'
import {local} from '../../scripts/targets/local.ts'
import {eventually, prepared} from './localInstance.ts'

const options = {timeout: 60_000}
const megabyte = 1_048_576
// Each line has its number; 20 MB/s, as fast as a server once filled a disk.
const noisy = `let line = 0
  setInterval(() => {
    let text = ''
    for (let count = 0; count < 2000; count += 1) text += (line++).toString().padStart(10, '0') + 'x'.repeat(989) + '\\n'
    process.stderr.write(text)
  }, 100)`

/** With a look at the log every 200 ms. */
async function logging(
  t: TestContext,
  argv: readonly string[],
  {shell = ['sh'], edits = {}}: {shell?: readonly string[]; edits?: Record<string, string>} = {},
) {
  const running = prepared(t, argv, {limits: {logMegabytes: 1, logFiles: 2, stopSeconds: 0}})
  const script = join(running.instance.folder, 'supervise.sh')
  let text = readFileSync(script, 'utf8')
  for (const [from, to] of Object.entries({'pace=5\n': 'pace=0.2\n', 'sleep 1; else': 'sleep 0.2; else', ...edits})) {
    assert.ok(text.includes(from), `supervise.sh holds no ${from}`)
    text = text.replace(from, () => to)
  }
  writeFileSync(script, text)
  const command = local.startServer(running.instance, 'one')
  await running.shell.run({...command, argv: [...shell, ...command.argv.slice(1)]})
  // A file may be renamed while they are looked at.
  const logs = () =>
    readdirSync(running.folder)
      .filter(name => /^log(\.\d+)?$/.test(name))
      .sort()
      .map(name => ({name, size: statSync(join(running.folder, name), {throwIfNoEntry: false})?.size ?? 0}))
  return {...running, logs}
}

const shells = [['sh'], ['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(
  ([file = '']) => spawnSync(file, ['-c', ':']).error === undefined,
)
for (const shell of shells)
  test(`${shell.join(' ')}: a program that logs 20 MB/s is held to its limit, and goes on`, options, async t => {
    const {logs, status, stop, folder} = await logging(t, [process.execPath, '-e', noisy], {shell})
    await eventually(() => existsSync(join(folder, 'log.2')) || undefined, 'two rotations')
    for (let look = 0; look < 10; look += 1) {
      const [now, ...older] = logs()
      assert.ok((now?.size ?? 0) < 40 * megabyte, `${now?.size} bytes`)
      assert.ok(older.every(({name, size}) => /^log\.[12]$/.test(name) && size <= megabyte))
      await pause(200)
    }
    assert.deepEqual([(await status()).running, (await status()).restarts], [true, 0])
    const {logRotated} = await status()
    assert.ok((logRotated?.megabytes ?? 0) >= 1 && (logRotated?.seconds ?? 99) < 30, JSON.stringify(logRotated))
    await stop()
    for (const {name} of logs())
      assert.equal(readFileSync(join(folder, name)).includes(0), false, 'a file that is cut has no hole')
  })

test(
  'a log that outgrew its limit slowly, or was opened again by the program, is rotated as well',
  options,
  async t => {
    const again = `exec >/dev/null; while :; do head -c 300000 /dev/zero | tr '\\0' x >>../log; sleep 0.1; done`
    const {folder} = await logging(t, ['sh', '-c', again])
    await eventually(() => existsSync(join(folder, 'log.2')) || undefined, 'two rotations', 30_000)
  },
)

test('the last lines of a log are found across what was rotated', options, async t => {
  const {instance, shell, folder} = prepared(t, ['true'])
  const lines = async (count: number) =>
    (await shell.run(local.logs(instance, 'one', count))).split('\n').filter(Boolean)
  await assert.rejects(lines(1), /read the log of one/)
  writeFileSync(join(folder, 'log'), 'e\nf\n')
  writeFileSync(join(folder, 'log.1'), 'c\nd\n')
  writeFileSync(join(folder, 'log.2'), 'a\nb\n')
  assert.deepEqual(await lines(1), ['f'])
  assert.deepEqual(await lines(3), ['d', 'e', 'f'])
  assert.deepEqual(await lines(9), ['a', 'b', 'c', 'd', 'e', 'f'])
})

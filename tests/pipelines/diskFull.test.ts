// A full disk, where releases are kept and where the journal is kept: told, without a stack, and nothing keeps running.
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, test} from 'node:test'
import {healthy, makeRig, type Rig} from '../rig.ts'

const skip = mayMount() ? false : 'only root on Linux may mount the small file system that this needs'
const stack = /^ +at /m

describe('a full disk', {skip, concurrency: 2}, () => {
  test('too little room for a release: preflight says how much there is, where, and how much is needed', async context => {
    const rig = await makeRig(context)
    mount(rig, rig.root, '16m')
    const {code, said} = await rig.staging()
    assert.equal(code, 2, said)
    assert.match(said, /! preflight\/disk: \d+ MB free for .*staging, a run needs 1024 MB\n +→ make room on that disk/)
    assert.doesNotMatch(said, stack)
  })

  test('X14 the disk fills while a release is placed: told, nothing half-made is kept', async context => {
    const rig = await makeRig(context)
    mount(rig, rig.root, '1200m')
    const running = rig.startStaging()
    await rig.begun('20-build')
    execFileSync('mount', ['-o', 'remount,size=1m', rig.root])
    const {code, said} = await running.ended
    assert.equal(code, 2, said)
    assert.match(said, /the disk is full: \d+ MB are left for .*releases; nothing half-made was kept\n→ make room/)
    assert.doesNotMatch(said, stack)
    assert.deepEqual(readdirSync(join(rig.root, 'releases')), [])
  })

  test('no room for the journal: the run does not begin', async context => {
    const rig = await makeRig(context)
    const at = join(rig.folder, '.runs')
    mount(rig, at, '64k')
    fill(at)
    const {code, said} = await rig.staging()
    assert.equal(code, 2, said)
    assert.match(said, /ENOSPC: no space left on device.*\n→ the disk is full: make room where \.runs/)
    assert.doesNotMatch(said, stack)
  })

  test('X14 the disk fills in the middle: no act goes unrecorded, the twin is ended all the same, and the next run begins', async context => {
    const rig = await makeRig(context, {servers: {good: healthy}, limits: {steadySeconds: 2}})
    const at = join(rig.folder, '.runs')
    mount(rig, at, '64m')
    const running = rig.startStaging()
    await rig.begun('70-health')
    fill(at)
    const {code, said} = await running.ended
    assert.equal(code, 2, said)
    assert.match(said, /what is done from here on is not in the journal: ENOSPC/)
    assert.doesNotMatch(said, stack)
    assert.deepEqual(rig.processes(), [])

    rmSync(join(at, 'filler'))
    const [first = ''] = rig.runs()
    const report = await rig.step('95-report', ['--run', first])
    assert.equal(report.code, 0, report.said)
    assert.match(report.stdout, /NOT READY/)
    await rig.good('10-preflight')
  })
})

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {stdio: 'ignore'})
    return true
  } catch {
    return false
  }
}

/** A file system of that size at `path`, taken away after the rig looked whether anything is left. */
function mount(rig: Rig, path: string, size: string): void {
  mkdirSync(path, {recursive: true})
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path])
  rig.after(() => {
    execFileSync('umount', [path])
  })
}

function fill(path: string): void {
  const zeros = Buffer.alloc(4096)
  try {
    for (;;) writeFileSync(join(path, 'filler'), zeros, {flag: 'a'})
  } catch {
    // It is full now.
  }
}

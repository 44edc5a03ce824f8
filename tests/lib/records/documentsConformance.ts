// What whatever keeps the documents of an environment must do, as tests that each implementation runs.
import assert from 'node:assert/strict'
import {type TestContext, test} from 'node:test'
import {type Documents, VersionConflict} from '../../../scripts/lib/records/documents.ts'

export interface OpenedDocuments {
  /** As the run that holds the lease has them. */
  documents: Documents
  /** The same documents, as somebody who only reads them opens them. */
  reader: Documents
  /** Another run takes the lease over. What the first run's changes then throw matches `lost`. */
  loseLease: () => void | Promise<void>
  lost: RegExp
  /** From here on a document, or a folder of keys, cannot be read. */
  makeUnreadable: (keyOrFolder: string) => void
}

export function documentsConformance(
  name: string,
  open: (t: TestContext) => OpenedDocuments | Promise<OpenedDocuments>,
): void {
  test(`${name}: what was never written is absent, and a folder of keys without documents is empty`, async t => {
    const {documents} = await open(t)
    assert.equal(await documents.read('live.json'), undefined)
    assert.equal(await documents.read('records/a.json'), undefined)
    assert.deepEqual(await documents.list('records/'), [])
    await documents.remove('live.json')
  })

  test(`${name}: a document is read back as it was written, by everybody, until it is removed`, async t => {
    const {documents, reader} = await open(t)
    const text = '{"text":"ä 漢 \\u0000"}\n'
    await documents.write('records/a/contracts/one.json', text)
    await documents.write('live.json', '')
    for (const each of [documents, reader]) {
      assert.equal((await each.read('records/a/contracts/one.json'))?.text, text)
      assert.equal((await each.read('live.json'))?.text, '')
    }
    await documents.remove('live.json')
    for (const each of [documents, reader]) assert.equal(await each.read('live.json'), undefined)
    assert.equal((await reader.read('records/a/contracts/one.json'))?.text, text)
  })

  test(`${name}: list gives the keys right in a folder, sorted, and of no other`, async t => {
    const {documents, reader} = await open(t)
    for (const key of ['live.json', 'records/b.json', 'records/a.json', 'records/a/contracts/one.json', 'other/c.json'])
      await documents.write(key, '{}')
    assert.deepEqual(await reader.list('records/'), ['records/a.json', 'records/b.json'])
    assert.deepEqual(await reader.list('records/a/contracts/'), ['records/a/contracts/one.json'])
    assert.deepEqual(
      (await reader.list('')).filter(key => key.includes('/') || key === 'live.json'),
      ['live.json'],
    )
  })

  test(`${name}: a version stays while the text does, and another text has another version`, async t => {
    const {documents, reader} = await open(t)
    await documents.write('live.json', 'one')
    const first = await documents.read('live.json')
    assert.deepEqual(await reader.read('live.json'), first)
    await documents.write('live.json', 'two', {ifVersion: first?.version ?? ''})
    const second = await reader.read('live.json')
    assert.equal(second?.text, 'two')
    assert.notEqual(second?.version, first?.version)
  })

  test(`${name}: a write with a stale version fails and changes nothing`, async t => {
    const {documents, reader} = await open(t)
    const isConflict = (error: unknown) =>
      error instanceof VersionConflict && /live\.json: .*version/.test(error.message)
    await documents.write('live.json', 'one', {ifVersion: null})
    const {version} = (await documents.read('live.json')) ?? {}
    await documents.write('live.json', 'two')
    for (const ifVersion of [version ?? '', null, 'never-given'])
      await assert.rejects(documents.write('live.json', 'three', {ifVersion}), isConflict, `${ifVersion}`)
    await documents.remove('live.json')
    await assert.rejects(documents.write('live.json', 'three', {ifVersion: version ?? ''}), isConflict)
    assert.equal(await reader.read('live.json'), undefined)
  })

  test(`${name}: of two writers that read the same version at the same time, exactly one succeeds`, async t => {
    const {documents, reader} = await open(t)
    await documents.write('live.json', 'one')
    const writer = async (text: string) => {
      const {version} = (await documents.read('live.json')) ?? {version: ''}
      await documents.write('live.json', text, {ifVersion: version})
      return text
    }
    const ended = await Promise.allSettled([writer('two'), writer('three')])
    const written = ended.flatMap(end => (end.status === 'fulfilled' ? end.value : []))
    assert.equal(written.length, 1)
    assert.deepEqual([(await reader.read('live.json'))?.text], written)
  })

  test(`${name}: changes take effect in the order in which they are called for`, async t => {
    const {documents, reader} = await open(t)
    await Promise.all(['one', 'two', 'three'].map(text => documents.write('live.json', text)))
    assert.equal((await reader.read('live.json'))?.text, 'three')
    await Promise.all([documents.write('live.json', 'four'), documents.remove('live.json')])
    assert.equal(await reader.read('live.json'), undefined)
  })

  test(`${name}: X14 after the lease was lost, a write and a removal fail and change nothing`, async t => {
    const {documents, reader, loseLease, lost} = await open(t)
    await documents.write('live.json', 'one')
    await loseLease()
    await assert.rejects(documents.write('live.json', 'two'), lost)
    await assert.rejects(documents.write('new.json', 'two'), lost)
    await assert.rejects(documents.remove('live.json'), lost)
    assert.deepEqual([(await reader.read('live.json'))?.text, await reader.read('new.json')], ['one', undefined])
    assert.equal((await documents.read('live.json'))?.text, 'one', 'it can still be read')
  })

  test(`${name}: what cannot be read is an error that names the place, not absent`, async t => {
    const {documents, reader, makeUnreadable} = await open(t)
    await documents.write('live.json', 'one')
    await documents.write('records/a.json', 'one')
    makeUnreadable('live.json')
    makeUnreadable('records/')
    for (const each of [documents, reader]) {
      await assert.rejects(each.read('live.json'), /live\.json/)
      await assert.rejects(each.list('records/'), /records/)
    }
  })

  test(`${name}: what is no key is refused`, async t => {
    const {documents} = await open(t)
    for (const key of [
      '',
      '/live.json',
      '../live.json',
      'a/../live.json',
      'a//b.json',
      '.hidden.json',
      'live',
      'a b.json',
    ])
      for (const act of [() => documents.read(key), () => documents.write(key, ''), () => documents.remove(key)])
        await assert.rejects(act, /is no key of a document/, key)
    for (const folder of ['records', '/', '../', 'a//'])
      await assert.rejects(() => documents.list(folder), /is no folder of keys/, folder)
  })
}

// What is written at the command line is meant: what cannot be understood is refused with what is known.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {readFlags} from '../../../scripts/lib/cli/flags.ts'

test('a run is named, never a path', () => {
  for (const path of ['../..', '..', '/etc', 'a/b', '.hidden', ''])
    assert.throws(() => readFlags(['--run', path], {}), /--run: should be the name of a run, got/)
  assert.equal(readFlags(['--run', '20261120-094512-staging-3f9a'], {}).run, '20261120-094512-staging-3f9a')
})

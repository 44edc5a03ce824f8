import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import {checkNames, isCheck} from '../../../scripts/lib/fleet/checkNames.ts'
import {checkIds} from '../../checkIds.ts'

test('A2 the checks that an acceptance may name are those that the sources make', () => {
  const made = [...checkIds(join(import.meta.dirname, '..', '..', '..', 'scripts'))]
  const fixed = made.filter(id => !id.includes('<'))
  assert.deepEqual(
    fixed.filter(id => !isCheck(id)),
    [],
  )
  const listed = Object.entries(checkNames).flatMap(([phase, names]) => names.map(name => `${phase}/${name}`))
  assert.deepEqual(
    listed.filter(id => !fixed.includes(id)),
    [],
  )
  assert.ok(isCheck('calls/echoes') && isCheck('protocol/conformance-ping') && isCheck('leak/applies'))
  assert.ok(!isCheck('health/stedy') && !isCheck('calls/'))
})

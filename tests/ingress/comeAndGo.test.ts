import assert from 'node:assert/strict'
import {test} from 'node:test'
import fc from 'fast-check'
import {enter, leave, type Present} from '../../ingress/comeAndGo.ts'

test('those who came and did not leave are in the list, in whatever order they leave', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({max: 7})), turns => {
      const list: Present[] = []
      const inside = new Map<number, Present>()
      for (const name of turns) {
        const known = inside.get(name)
        if (known === undefined) {
          const item = {place: -1}
          inside.set(name, item)
          enter(list, item)
        } else {
          inside.delete(name)
          leave(list, known)
        }
        assert.deepEqual(new Set(list), new Set(inside.values()))
        assert.equal(list.length, inside.size)
      }
    }),
  )
})
